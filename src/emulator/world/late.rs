//! Work that is done after its response: the fault `late`.

use serde::{Deserialize, Serialize};

use crate::model::time::Timestamp;

/// A request that was authenticated, and whose work is still to be done.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(in crate::emulator) struct LateWork {
    pub(in crate::emulator) due: Timestamp,
    pub(in crate::emulator) method: String,
    pub(in crate::emulator) path: String,
    pub(in crate::emulator) body: String,
}

/// Removes the work that is due first and not after `now`. Of works that are due at one time, the one that was
/// added first is the first.
pub(in crate::emulator) fn take_due(works: &mut Vec<LateWork>, now: Timestamp) -> Option<LateWork> {
    let (number, first) = works.iter().enumerate().min_by_key(|(_, work)| work.due)?;
    (first.due <= now).then_some(number).map(|number| works.remove(number))
}
