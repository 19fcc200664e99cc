// What the proxy itself refuses, in the shape of the service's refusals, so that clients make the same errors of it.

/** Thrown where a request is refused. */
export class Refusal {
  constructor(
    readonly status: number,
    /** The body of the response. */
    readonly body: Readonly<Record<string, unknown>>,
    /** Further headers of the response. */
    readonly headers: Readonly<Record<string, string>> = {},
  ) {}
}

/** 400: an argument breaks a rule. */
export function invalidArgument(argument: string, reason: 'required' | 'format' | 'constraint' | 'unknown', help: string): Refusal {
  return new Refusal(400, { details: [{ argument_name: argument, help_message: help, reason }], message: 'invalid argument(s)', type: 'invalid_arguments' })
}

/** 403: beyond the policy. It is the service's refusal of a deleted flexible IP, too: nothing shows which exist. */
export function denied(action: 'read' | 'write', resource: 'flexible-ip' | 'server'): Refusal {
  return new Refusal(403, { details: [{ action, resource }], message: 'insufficient permissions', type: 'permissions_denied' })
}

/** 403: the request is not of a page that may call. With the service's type, since a client takes any other 403 of a change for that of a gateway, which says nothing about the change. */
export function barred(message: string): Refusal {
  return new Refusal(403, { details: [], message, type: 'permissions_denied' })
}

/** Any other refusal. */
export function refused(status: number, message: string, headers?: Readonly<Record<string, string>>): Refusal {
  return new Refusal(status, { message }, headers)
}

/** 408: the caller has gone before the request was forwarded. */
export function gone(): Refusal {
  return refused(408, 'the caller was gone before anything was changed')
}
