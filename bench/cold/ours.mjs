// The first list of our client.
import { FlexibleIpClient } from 'flexip'

export const first = async (fetch, { secretKey, zone, projectId }) => (await new FlexibleIpClient({ secretKey, fetch, defaultZone: zone, defaultProjectId: projectId }).listFlexibleIPs()).flexibleIps
