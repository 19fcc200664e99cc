// Who is measured: our client, and the official SDK's.
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

/** What they are set up with to talk to an emulator. */
export function accountOf({ secretKey, projectId }, zone = 'fr-par-1') {
  return { secretKey, projectId, zone }
}
