//! The settings of clients that were used lately.
//!
//! The facade keeps the options of each client and passes them again when they are not here. So nothing has to
//! be freed when a client is dropped, and a call does not read the options anew.

use std::rc::Rc;

use crate::flow::settings::Settings;

/// How many clients' settings are kept.
const CLIENTS_MAX: usize = 16;

/// The settings by the numbers of the clients, the latest last.
#[derive(Default)]
pub(super) struct Clients(Vec<(u32, Rc<Settings>)>);

impl Clients {
    pub(super) fn get(&self, client: u32) -> Option<Rc<Settings>> {
        let (_, settings) = self.0.iter().rev().find(|(number, _)| *number == client)?;
        Some(Rc::clone(settings))
    }

    pub(super) fn keep(&mut self, client: u32, settings: Settings) {
        self.0.retain(|(number, _)| *number != client);
        if self.0.len() >= CLIENTS_MAX {
            self.0.remove(0);
        }
        self.0.push((client, Rc::new(settings)));
    }
}
