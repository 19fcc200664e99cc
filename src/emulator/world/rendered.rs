//! Flexible IPs in JSON, as reads show them: kept until they change, since many reads follow a change.

use std::cell::RefCell;
use std::collections::BTreeMap;

use crate::model::id::FlexibleIpId;

/// How many texts are kept, of about 600 bytes each.
const MOST: usize = 10_000;

/// The texts. They follow from the state.
#[derive(Clone, Debug, Default)]
pub(in crate::emulator) struct Rendered {
    texts: RefCell<BTreeMap<FlexibleIpId, Box<str>>>,
}

impl Rendered {
    /// Writes the text of a flexible IP, which `render` writes if it is not kept. Returns whether it exists:
    /// `render` returns so.
    pub(in crate::emulator) fn write(
        &self,
        out: &mut String,
        id: FlexibleIpId,
        render: impl FnOnce(&mut String) -> bool,
    ) -> bool {
        let Ok(mut texts) = self.texts.try_borrow_mut() else { return render(out) };
        if let Some(text) = texts.get(&id) {
            out.push_str(text);
            return true;
        }
        let start = out.len();
        let exists = render(out);
        if exists && let Some(text) = out.get(start..) {
            if texts.len() >= MOST {
                texts.clear();
            }
            texts.insert(id, text.into());
        }
        exists
    }

    /// Removes the texts of flexible IPs that change.
    pub(super) fn forget<'id>(&mut self, ids: impl IntoIterator<Item = &'id FlexibleIpId>) {
        let texts = self.texts.get_mut();
        if !texts.is_empty() {
            ids.into_iter().for_each(|id| drop(texts.remove(id)));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::emulator::random::Random;

    fn id(number: u64) -> FlexibleIpId {
        FlexibleIpId(Random::of(1, "id", number).uuid())
    }

    fn written(rendered: &Rendered, id: FlexibleIpId, text: &str) -> String {
        let mut out = String::new();
        rendered.write(&mut out, id, |out| {
            out.push_str(text);
            true
        });
        out
    }

    #[test]
    fn a_text_is_cached_until_its_flexible_ip_changes() {
        let mut rendered = Rendered::default();
        assert_eq!(written(&rendered, id(1), "one"), "one");
        assert_eq!(written(&rendered, id(1), "other"), "one");
        rendered.forget([&id(1)]);
        assert_eq!(written(&rendered, id(1), "other"), "other");
        assert!(!rendered.write(&mut String::new(), id(2), |_| false));
        assert_eq!(written(&rendered, id(2), "two"), "two");
    }

    #[test]
    fn no_more_texts_are_cached_than_the_maximum() {
        let rendered = Rendered::default();
        for number in 0..30_000 {
            written(&rendered, id(number), "x");
            assert!(rendered.texts.borrow().len() <= MOST);
        }
    }
}
