// What a response to a change says: whether the service refused it, so that nothing was changed.

/** Whether the service refused the request. Of what fails with 5xx, only a lack of stock is a refusal: the others may have been carried out. */
export async function isRefusal(response: { status: number }): Promise<boolean> {
  const { status } = response
  if (status < 500) return status >= 400 && status !== 408
  try {
    const { type } = Object(await (response as Response).clone().json()) as { type?: unknown }
    return type === 'out_of_stock'
  } catch {
    return false
  }
}
