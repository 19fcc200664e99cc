export interface Case {
  name: string
  env: Record<string, string>
  files: Record<string, string>
  modes?: Record<string, number>
  profile?: string
  configPath?: string
}

export const cases: Case[]
