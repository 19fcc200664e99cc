// The official SDK, its requests going to a `fetch` of the test's.
import { createAdvancedClient, withHTTPClient, withProfile } from '@scaleway/sdk-client'
import { Flexibleipv1alpha1 } from '@scaleway/sdk-flexibleip'
import { projectId } from './bodies.js'
import { secretKey } from './wire.js'
import type { OperationName } from './operations.js'

export interface OfficialSent {
  method: string
  url: URL
  headers: Headers
  /** The JSON of the body, if there was one. */
  body: unknown
}

/** The official API client, and what it sends. */
export function official(answer: (sent: OfficialSent) => Response | Promise<Response>): { api: Flexibleipv1alpha1.API; sent: OfficialSent[] } {
  const sent: OfficialSent[] = []
  const fetch = async (input: unknown): Promise<Response> => {
    if (!(input instanceof Request)) throw new Error('the official SDK sends a Request')
    const body = await input.text()
    const request = { method: input.method, url: new URL(input.url), headers: input.headers, body: body ? (JSON.parse(body) as unknown) : undefined }
    sent.push(request)
    return answer(request)
  }
  const profile = { accessKey: 'SCWXXXXXXXXXXXXXXXXX', secretKey, defaultZone: 'fr-par-1', defaultProjectId: projectId }
  return { api: new Flexibleipv1alpha1.API(createAdvancedClient(withProfile(profile), withHTTPClient(fetch))), sent }
}

/** Calls an operation of the official SDK by its name, with a request that need not be one. */
export async function callOfficial(api: Flexibleipv1alpha1.API, name: OperationName, request: unknown): Promise<unknown> {
  const methods = api as unknown as Record<OperationName, (request: unknown) => Promise<unknown>>
  return methods[name](request)
}
