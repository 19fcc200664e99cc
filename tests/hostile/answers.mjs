// The bodies of the service, as recorded: api-facts, 1 and 2.

export const json = (status, body) => ({ status, text: typeof body === 'string' ? body : JSON.stringify(body), type: 'application/json' })

const text = Symbol('text')
const textOf = (view) => (view[text] ??= JSON.stringify(view))

/** A flexible IP; its text is made once. */
export const one = (view) => ({ status: 200, text: textOf(view), type: 'application/json' })

/** A page, or the answer to an attach or a detach. */
export const several = (views, total) => ({ status: 200, text: `{"total_count":${total},"flexible_ips":[${views.map(textOf).join(',')}]}`, type: 'application/json' })

export const empty = () => ({ status: 204, text: '', type: 'application/json' })

export const denied = (action = 'read', resource = 'flexible-ip') => json(403, { details: [{ action, resource }], message: 'insufficient permissions', type: 'permissions_denied' })

export const deniedWithoutDetails = () => json(403, { details: [], message: 'insufficient permissions', type: 'permissions_denied' })

export const notFound = (resource, id) => json(404, { message: 'resource is not found', resource, resource_id: id, type: 'not_found' })

export const transient = (state, id) => json(409, { current_state: state, message: 'resource is in a transient state', resource: 'flexible_ip', resource_id: id, type: 'transient_state' })

export const precondition = (help) => json(412, { help_message: help, message: 'precondition is not respected', precondition: 'resource_not_usable', type: 'precondition_failed' })

export const locked = (id) => json(423, { resource: 'flexible_ip', resource_id: id, type: 'locked', message: 'resource is locked' })

export const quota = (current) => json(403, { details: [{ current, quota: 64, resource: 'ElasticMetalFlexibleIPs' }], message: 'quota(s) exceeded for this resource', type: 'quotas_exceeded' })

export const outOfStock = () => json(503, { message: 'resource is out of stock', resource: 'flexible_ip', type: 'out_of_stock' })

export const authentication = () => json(401, { message: 'authentication is denied', method: 'api_key', reason: 'not_found', type: 'denied_authentication' })

export const internal = () => json(500, { message: 'internal error' })

export const unreachable = () => json(503, { message: 'upstream connect error or disconnect/reset before headers. reset reason: connection failure, transport failure reason: delayed connect error: 111' })

export const invalid = (argument, help) => json(400, { details: [{ argument_name: argument, help_message: help, reason: 'constraint' }], message: 'invalid argument(s)', type: 'invalid_arguments' })

const html = (status, text) => ({ status, text: `<!doctype html><html><body>${text}</body></html>`, type: 'text/html' })

/** Pages of other machines between the client and the service. */
export const foreign = {
  portal: () => html(200, 'Hotel network: sign in'),
  blocked: () => html(403, 'Blocked by policy'),
  missing: () => html(404, 'Not Found'),
  moved: () => ({ ...html(302, 'Moved'), headers: { location: 'https://portal.example/' } }),
  opaque: () => ({ status: 0, text: '', type: null, opaque: true }),
  forbiddenJson: () => json(403, { message: 'Forbidden' }),
}

/** What `Retry-After` may be. */
export const retryAfters = [undefined, '0', '1', '3', '30', '3600', '1.5', '-1', 'soon', '99999999999', 'date']
