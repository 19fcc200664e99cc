// The first list of the official SDK's client.
import { createAdvancedClient, withHTTPClient, withProfile } from '@scaleway/sdk-client'
import { Flexibleipv1alpha1 } from '@scaleway/sdk-flexibleip'

export const first = async (fetch, { accessKey, secretKey, zone, projectId }) =>
  (await new Flexibleipv1alpha1.API(createAdvancedClient(withProfile({ accessKey, secretKey, defaultZone: zone, defaultProjectId: projectId }), withHTTPClient(fetch))).listFlexibleIPs()).flexibleIps
