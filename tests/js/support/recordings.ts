// Recorded calls to the real service. They are not part of this repository.
import { existsSync, readFileSync, readdirSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { type OperationName, operationNames, operations } from './operations.js'

/** One recorded call of one of the 11 operations. */
export interface Recorded {
  /** The session and the line. */
  where: string
  operation: OperationName
  zone: string
  /** The id in the path, if there is one. */
  fipId: string | undefined
  status: number
  contentType: string
  /** The body of the answer, as it came. */
  response: string
}

interface Row {
  method: string
  path: string
  status: number
  content_type: string
  response: string
}

export const folder = resolve(process.env.FLEXIP_RECORDINGS ?? join(import.meta.dirname, '../../../../shared/recordings'))

/** Every recorded call of the Flexible IP API; none where the recordings are absent. */
export function recordings(): Recorded[] {
  if (!existsSync(folder)) return []
  const files = readdirSync(folder).filter((file) => file.endsWith('.jsonl'))
  return files.sort().flatMap((file) => {
    const lines = readFileSync(join(folder, file), 'utf8').split('\n').filter(Boolean)
    return lines.flatMap((line, place) => recorded(JSON.parse(line) as Row, `${file}:${place + 1}`) ?? [])
  })
}

function recorded({ method, path, status, content_type, response }: Row, where: string): Recorded | undefined {
  const [, zone, rest] = /^\/flexible-ip\/v1alpha1\/zones\/([^/]+)(\/fips.*)$/.exec(path) ?? []
  if (zone === undefined || rest === undefined) return undefined
  const fipId = /[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}/.exec(rest)?.[0]
  const template = fipId === undefined ? rest : rest.replace(fipId, '{fipId}')
  const operation = operationNames.find((name) => operations[name].method === method && operations[name].path === template)
  if (operation === undefined) throw new Error(`${where}: no operation for ${method} ${path}`)
  return { where, operation, zone, fipId, status, contentType: content_type, response }
}
