//! Whether a move kept each address on a server, and each MAC group whole.

use flexip::flow::CallFailure;
use flexip::model::id::FlexibleIpId;

use super::super::setup::Job;
use super::super::truth::*;
use super::Judged;

impl Judged<'_> {
    pub(super) fn moves(&mut self, failure: Option<&CallFailure>) {
        let (Job::Ensure { server: target, .. } | Job::Failover { to: target, .. }) =
            &self.run.spec.job
        else {
            return;
        };
        let service = &self.world.service;
        let has_sent = self.run.exchanges.iter().any(|exchange| !exchange.ask.is_read());
        if self.run.is_aborted
            && has_sent
            && failure.is_some_and(|failure| failure.moves.is_empty())
        {
            self.fault("an aborted move does not say where its flexible IPs are", "");
        }
        self.target(target);
        let lost: Vec<&Effect> = self
            .effects()
            .filter(|effect| {
                let Deed::LoseMac { mac } = effect.deed else { return false };
                service.slots.iter().all(|slot| {
                    let mut before = slot.during(self.from, effect.at).filter(|version| {
                        version.at < effect.at || version.origin.call() != Some(self.call)
                    });
                    let is_member = slot.at(self.from).mac == Some(mac);
                    before.all(|version| (version.state.mac == Some(mac)) == is_member)
                })
            })
            .collect();
        if let Some(effect) = lost.first() {
            self.fault(
                "a move took the MAC address from a part of a group",
                format!("IP{}", effect.slot),
            );
        }
        for (number, slot) in service.slots.iter().enumerate() {
            let before = slot.at(self.from);
            if before.server.is_none() || !before.is_ours() || !before.is_at_rest() {
                continue;
            }
            let mut after = slot.versions.iter().filter(|version| version.at > self.from);
            let is_ours_alone = after.all(|version| {
                version.origin == Origin::Service || version.origin.call() == Some(self.call)
            });
            let is_touched = self.effects().any(|effect| effect.slot == number);
            // An address that has arrived, and whose server is removed then, was not left by the move.
            let is_on_removed = |state: &State| {
                let servers = [state.server, state.goal];
                servers
                    .into_iter()
                    .flatten()
                    .any(|server| service.servers[server].removed_at.is_some())
            };
            if !is_ours_alone || !is_touched || slot.any(self.from, Ms::MAX, is_on_removed) {
                continue;
            }
            let id = FlexibleIpId::parse(&slot.id);
            let is_named = failure.is_some_and(|failure| {
                failure.moves.iter().any(|state| Some(state.id) == id && !state.arrived)
            });
            if slot.now().server.is_none() && !is_named {
                self.fault(
                    "a move left a flexible IP on no server without naming it",
                    format!("IP{number}"),
                );
            }
        }
    }

    /// Whether a move took addresses down for a target that could not take them.
    pub(super) fn target(&mut self, target: &str) {
        let service = &self.world.service;
        let number = self.server_of(target);
        let is_there = service.servers.get(number).is_some_and(|server| {
            server.zone == self.run.spec.zone && server.removed_at.is_none_or(|at| at >= self.from)
        });
        let leaving: Vec<&Effect> = self
            .effects()
            .filter(|effect| {
                let before = service.slots[effect.slot].at(self.from);
                matches!(effect.deed, Deed::Detach | Deed::Attach { .. }) && before.server.is_some()
            })
            .collect();
        // A server that was removed a moment ago still shows its addresses, which counts as a proof.
        let shows_addresses = number < service.servers.len()
            && service.slots.iter().any(|slot| slot.at(self.from).server == Some(number));
        if !is_there && !shows_addresses {
            // One group may have gone first, to find out.
            let mut groups: Vec<(Option<usize>, usize)> = leaving
                .iter()
                .map(|effect| match service.slots[effect.slot].at(self.from).mac {
                    Some(mac) => (Some(mac), 0),
                    None => (None, effect.slot),
                })
                .collect();
            groups.sort_unstable();
            groups.dedup();
            if groups.len() > 1 {
                let text = format!("{} groups", groups.len());
                self.fault(
                    "a move to a server that is not there took down more than one group",
                    text,
                );
            }
            return;
        }
        let is_quiet = service.effects.iter().all(|effect| {
            effect.origin.call() == Some(self.call) || effect.at < self.from || effect.at > self.to
        });
        let arriving = |state: &State| match &self.run.spec.job {
            Job::Failover { from, ids: None, .. } => state.server == Some(self.server_of(from)),
            _ => false,
        };
        let begin = |slot: &&Slot| slot.zone == self.run.spec.zone;
        let states = || service.slots.iter().filter(begin).map(|slot| slot.at(self.from));
        let there = states().filter(|state| state.serves(number)).count();
        let coming = states().filter(|state| state.is_ours() && arriving(state)).count();
        if is_quiet && there + coming > PLACES && !leaving.is_empty() {
            let text = format!("{there} there, {coming} to come");
            self.fault("a move to a server without room took addresses down", text);
        }
    }
}
