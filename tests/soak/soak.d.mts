import type { FlexibleIpEmulator } from 'flexip/emulator'

interface Tools {
  FlexibleIpEmulator: typeof FlexibleIpEmulator
  memoryBytes: () => number
}

interface Memory {
  bytes: number
  journal: number
}

export declare const slackBytes: number
export declare function soak(options: Tools & { seconds: number }): Promise<{ requests: number; statuses: Record<number, number>; early: Memory; late: Memory }>
export declare function emulatorWithMemory(): Promise<Tools>
