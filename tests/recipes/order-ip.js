// Somebody's code: it orders a flexible IP with the global fetch, and knows nothing of an emulator.
export async function orderIp({ secretKey, projectId }, description, baseUrl = 'https://api.scaleway.com') {
  const answer = await fetch(`${baseUrl}/flexible-ip/v1alpha1/zones/fr-par-1/fips`, {
    method: 'POST',
    headers: { 'X-Auth-Token': secretKey, 'Content-Type': 'application/json' },
    body: JSON.stringify({ project_id: projectId, description }),
  })
  if (!answer.ok) throw new Error(`no flexible IP: ${answer.status}`)
  return (await answer.json()).ip_address
}
