// The clients that are measured: ours and the official SDK's.
import { createAdvancedClient, withHTTPClient, withProfile } from '@scaleway/sdk-client'
import { Flexibleipv1alpha1 } from '@scaleway/sdk-flexibleip'
import { FlexibleIpClient } from 'flexip'

export function ourClient(fetch, { secretKey, zone, projectId }, options) {
  return new FlexibleIpClient({ secretKey, fetch, defaultZone: zone, defaultProjectId: projectId, ...options })
}

export function officialApi(fetch, { accessKey = 'SCWXXXXXXXXXXXXXXXXX', secretKey, zone, projectId }) {
  const profile = { accessKey, secretKey, defaultZone: zone, defaultProjectId: projectId }
  return new Flexibleipv1alpha1.API(createAdvancedClient(withProfile(profile), withHTTPClient(fetch)))
}

/** The account of an emulator, as both clients take it. */
export function accountOf({ secretKey, projectId }, zone = 'fr-par-1') {
  return { secretKey, projectId, zone }
}
