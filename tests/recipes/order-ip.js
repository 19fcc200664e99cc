// The code under test of the recipes: it orders a flexible IP with the global fetch, and does not import the emulator.
export async function orderIp({ secretKey, projectId }, description, baseUrl = 'https://api.scaleway.com') {
  const response = await fetch(`${baseUrl}/flexible-ip/v1alpha1/zones/fr-par-1/fips`, {
    method: 'POST',
    headers: { 'X-Auth-Token': secretKey, 'Content-Type': 'application/json' },
    body: JSON.stringify({ project_id: projectId, description }),
  })
  if (!response.ok) throw new Error(`no flexible IP: ${response.status}`)
  return (await response.json()).ip_address
}
