// How much of a failover's time was the client's fault.
//
// A unit, one flexible IP or one MAC group, is detached, and then attached to the new server, which
// takes one request after the other. So the service's own critical path is: one detach, and from the
// moment on when somebody can be attached, a server that is never idle. What is lost is the time when
// nothing of that went on, although it could have:
//
//   - from the call to the detach of the unit that was free first;
//   - whenever the new server stood idle, although a unit was free for it;
//   - from the last arrival to the end of the call.
//
// How long the service takes is drawn in the order of the requests, so no two clients get the same
// times; the loss does not depend on them.

/**
 * The milliseconds that were lost. `units` are `{ detach: { at, due }, attach: { at, due } }`: when the
 * service took the request, and when it was done with it. (Two attaches may change places in the
 * server's queue after that; the moments at which somebody arrives stay the same.)
 */
export function lostMs({ began, ended, units }) {
  const attaches = units.map(({ attach }) => attach).sort((one, other) => one.at - other.at)
  let lost = 0
  let idleSince = -Infinity
  for (const { at, due } of attaches) {
    if (at > idleSince) {
      const waiting = units.filter((unit) => unit.attach.at >= at).map(({ detach }) => detach)
      const first = waiting.reduce((one, other) => (other.due < one.due ? other : one))
      // Where the server had to wait for somebody, the path leads back to that detach.
      if (first.due >= idleSince) lost = first.at - began + at - first.due
      else lost += at - idleSince
    }
    idleSince = Math.max(idleSince, due)
  }
  return lost + ended - idleSince
}
