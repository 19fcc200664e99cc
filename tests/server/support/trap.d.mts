export function trapNextCall(): void
