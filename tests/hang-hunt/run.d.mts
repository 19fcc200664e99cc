export function hunt(count: number, seed?: number): Promise<{ outcomes: Record<string, number>; grown: { heap: number; wasm: number } }>
