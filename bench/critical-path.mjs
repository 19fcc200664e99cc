// The part of a failover's time that the client loses.
//
// A unit is one flexible IP or one MAC group. Each unit is detached, then attached to the target server,
// which does one attach after the other. The shortest possible time is one detach, followed by attaches
// without a pause. The client loses time:
//
//   - from the call to the detach of the unit that is detached first;
//   - while the target is idle although a unit is detached already;
//   - from the end of the last attach to the end of the call.
//
// The emulator draws the durations in the order of the requests, so that two clients get different
// durations. The loss does not depend on the durations.

/**
 * The milliseconds that were lost. `units` are `{ detach: { at, due }, attach: { at, due } }`: when the
 * service received the request, and when its transition ended. Two attaches may change places in the
 * target's queue later; the times at which units arrive stay the same.
 */
export function lostMs({ began, ended, units }) {
  const attaches = units.map(({ attach }) => attach).sort((one, other) => one.at - other.at)
  let lost = 0
  let idleSince = -Infinity
  for (const { at, due } of attaches) {
    if (at > idleSince) {
      const waiting = units.filter((unit) => unit.attach.at >= at).map(({ detach }) => detach)
      const first = waiting.reduce((one, other) => (other.due < one.due ? other : one))
      // The target had to wait for this unit: the critical path leads back to its detach.
      if (first.due >= idleSince) lost = first.at - began + at - first.due
      else lost += at - idleSince
    }
    idleSince = Math.max(idleSince, due)
  }
  return lost + ended - idleSince
}
