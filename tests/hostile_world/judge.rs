//! The invariants, judged by the history after a world has ended.

use flexip::error::Error;
use flexip::flow::{CallFailure, Success};
use flexip::model::id::FlexibleIpId;

use super::facts;
use super::machines::mark;
use super::reply::Shot;
use super::setup::{CallSpec, Job};
use super::truth::*;
use super::world::{Run, World};

/// Something that must not happen.
#[derive(Clone, Debug)]
pub(crate) struct Violation {
    /// The invariant.
    pub(crate) kind: &'static str,
    /// The call, by its number, and its method.
    pub(crate) call: usize,
    pub(crate) job: String,
    pub(crate) text: String,
}

/// A call with the world around it.
struct Judged<'a> {
    world: &'a World,
    run: &'a Run,
    call: usize,
    from: Ms,
    to: Ms,
    found: Vec<(&'static str, String)>,
}

/// All violations of a world.
pub(crate) fn judge(world: &World) -> Vec<Violation> {
    let mut violations = Vec::new();
    for (call, run) in world.runs.iter().enumerate() {
        let mut found = run.faults.clone();
        match &run.ended {
            None => found.push(("a call never ended", String::new())),
            Some((to, result)) => {
                let (from, found_more) = (run.began, Vec::new());
                let mut judged = Judged { world, run, call, from, to: *to, found: found_more };
                match result {
                    Ok(success) => judged.success(success),
                    Err(failure) => judged.failure(failure),
                }
                judged.counts(result.as_ref().err());
                judged.moves(result.as_ref().err());
                found.append(&mut judged.found);
            }
        }
        let call = run.spec.number;
        violations.extend(found.into_iter().map(|(kind, text)| {
            let job = name(&run.spec.job);
            Violation { kind, call, job, text }
        }));
    }
    violations
}

const FALSE_SUCCESS: &str = "a success whose postcondition never held";

impl<'a> Judged<'a> {
    fn fault(&mut self, kind: &'static str, text: impl Into<String>) {
        self.found.push((kind, text.into()));
    }

    fn slot_of(&self, id: &str) -> Option<&'a Slot> {
        let number = usize::from_str_radix(id.get(24..)?, 16).ok()?;
        self.world.service.slots.get(number)
    }

    /// Whether a flexible IP was, at some moment of the call, in such a state.
    fn was(&self, id: &str, holds: impl Fn(&State) -> bool) -> bool {
        self.slot_of(id).is_some_and(|slot| slot.any(self.from, self.to, holds))
    }

    fn server_of(&self, id: &str) -> usize {
        usize::from_str_radix(&id[24..], 16).unwrap_or(usize::MAX)
    }

    fn effects(&self) -> impl Iterator<Item = &'a Effect> {
        let call = self.call;
        self.world.service.effects.iter().filter(move |effect| effect.origin.call() == Some(call))
    }

    fn success(&mut self, success: &Success) {
        let Some(named) = self.run.named(&success.outcome) else {
            return self.fault("a success whose response is not the API's", format!("{:?}", success.outcome));
        };
        let named: Vec<Shot> = named.into_iter().cloned().collect();
        let named_ids: Vec<String> =
            named.iter().map(|shot| self.world.service.slots[shot.slot].id.clone()).collect();
        let CallSpec { job, number, zone, .. } = &self.run.spec;
        let holds = match job {
            Job::Get { id } => named_ids == [id.clone()],
            Job::ListAll { .. } | Job::Pages { .. } => {
                return self.list(&named);
            }
            Job::Create { .. } => return self.created(&named),
            Job::Update { id } => {
                let mark = mark(*number);
                self.was(id, |state| state.is_ours() && *state.description == *mark && state.tags.contains(&mark))
            }
            Job::Delete { id } => self.was(id, |state| !state.is_ours() || state.is_deleting),
            Job::Attach { ids, server } => {
                let server = self.server_of(server);
                ids.iter().all(|id| self.was(id, |state| state.is_ours() && state.serves(server)))
            }
            Job::Detach { ids } => ids.iter().all(|id| {
                self.was(id, |state| {
                    state.is_ours() && (state.server.is_none() || state.status == Status::Detaching)
                })
            }),
            Job::Generate { id, kind } => {
                let macs = &self.world.service.macs;
                let from = self.from;
                self.was(id, |state| {
                    state.is_ours()
                        && state.mac.is_some_and(|mac| macs[mac].created >= from && macs[mac].kind == *kind)
                })
            }
            Job::DeleteMac { id } => {
                let before = self.slot_of(id).and_then(|slot| slot.at(self.from).mac);
                self.was(id, |state| {
                    !state.is_ours() || state.mac.is_none() || state.mac != before
                        || state.mac_status == MacStatus::Deleting
                })
            }
            Job::Duplicate { id, from } => self.shares(id, from),
            Job::MoveMac { id, to } => self.shares(to, id) && self.was(id, |state| {
                self.slot_of(to).is_some_and(|slot| slot.any(self.from, self.to, |to| to.mac.is_some() && to.mac != state.mac))
            }),
            Job::WaitRest { ids } => ids.iter().all(|id| self.was(id, |state| state.is_ours() && state.is_at_rest())),
            Job::WaitGone { ids } => {
                let stays: Vec<&Slot> = ids
                    .iter()
                    .filter_map(|id| self.slot_of(id))
                    .filter(|slot| slot.all(self.from, self.to, State::is_ours))
                    .collect();
                if stays.iter().any(|slot| slot.zone != *zone) {
                    return self.fault("a wait calls gone what is in another zone", name(job));
                }
                let service = &self.world.service;
                let has_pages = service.slots.iter().filter(|slot| slot.zone == *zone).count() > 100;
                stays.is_empty() || (has_pages && self.is_swapped(*zone, None))
            }
            Job::Ensure { dry: true, .. } | Job::Failover { dry: true, .. } => {
                return self.dry();
            }
            Job::Ensure { ids, server, .. } | Job::Failover { ids: Some(ids), to: server, .. } => {
                let server = self.server_of(server);
                ids.iter().chain(&named_ids).all(|id| self.was(id, |state| state.rests_on(server)))
            }
            Job::Failover { from, to, ids: None, .. } => {
                let (from, to) = (self.server_of(from), self.server_of(to));
                if let Some(slot) = self.left_behind(from, to, *zone) {
                    return self.fault(FALSE_SUCCESS, format!("IP{slot} stayed on S{from}"));
                }
                named_ids.iter().all(|id| self.was(id, |state| state.rests_on(to)))
            }
        };
        if !holds {
            self.fault(FALSE_SUCCESS, name(job));
        }
        let is_shown = match job {
            Job::WaitRest { ids } => {
                named_ids.iter().eq(ids) && named.iter().all(|shot| shot.state.is_at_rest())
            }
            Job::Ensure { server, .. } | Job::Failover { to: server, .. } => {
                let server = self.server_of(server);
                named.iter().all(|shot| shot.state.rests_on(server))
            }
            _ => true,
        };
        if !is_shown {
            self.fault("a success returns what does not meet its postcondition", name(job));
        }
    }

    /// Whether two flexible IPs had one MAC address, each at some moment.
    fn shares(&self, one: &str, other: &str) -> bool {
        self.slot_of(one).zip(self.slot_of(other)).is_some_and(|(one, other)| {
            one.during(self.from, self.to).any(|version| {
                let mac = version.state.mac;
                mac.is_some() && other.any(self.from, self.to, |state| state.mac == mac)
            })
        })
    }

    /// A flexible IP that was on the source from the beginning to the end of the call, never elsewhere.
    fn left_behind(&self, from: usize, to: usize, zone: usize) -> Option<usize> {
        let slots = self.world.service.slots.iter().enumerate();
        let mut left = slots.filter(|(_, slot)| {
            slot.zone == zone
                && slot.all(self.from, self.to, |state| state.is_ours() && state.server == Some(from))
                && !slot.any(self.from, self.to, |state| state.rests_on(to))
        });
        left.next().map(|(number, _)| number)
    }

    fn list(&mut self, named: &[Shot]) {
        let CallSpec { job, zone, .. } = &self.run.spec;
        let (shots, status) = match job {
            Job::ListAll { status, .. } => (named, *status),
            _ => (self.run.delivered.as_slice(), None),
        };
        let mut listed: Vec<usize> = shots.iter().map(|shot| shot.slot).collect();
        listed.sort_unstable();
        if listed.windows(2).any(|two| two[0] == two[1]) && status.is_none() {
            self.fault("a list with an item twice", name(job));
        }
        // Between two pages one item can go and another come, so that a third changes its page while the
        // total stays the same. No reader of such pages can know of it.
        let pages = self.run.exchanges.iter().filter(|exchange| exchange.received.is_some()).count();
        let is_swapped = pages > 1 && self.is_swapped(*zone, status);
        for (number, slot) in self.world.service.slots.iter().enumerate() {
            let matches = |state: &State| {
                state.is_ours() && status.is_none_or(|word| state.status.word() == word)
            };
            if slot.zone == *zone
                && !is_swapped
                && slot.all(self.from, self.to, matches)
                && listed.binary_search(&number).is_err()
            {
                self.fault("a list without an item that was there all the time", format!("IP{number}"));
                return;
            }
        }
    }

    /// Whether during the call one flexible IP left the list and another came into it.
    fn is_swapped(&self, zone: usize, status: Option<&str>) -> bool {
        let matches = |state: &State| {
            state.is_ours() && status.is_none_or(|word| state.status.word() == word)
        };
        let (mut came, mut went) = (false, false);
        for slot in self.world.service.slots.iter().filter(|slot| slot.zone == zone) {
            let states: Vec<bool> =
                slot.during(self.from, self.to).map(|version| matches(&version.state)).collect();
            came |= states.windows(2).any(|two| !two[0] && two[1]);
            went |= states.windows(2).any(|two| two[0] && !two[1]);
        }
        came && went
    }

    fn created(&mut self, named: &[Shot]) {
        let Job::Create { is_ipv6, project, key, .. } = &self.run.spec.job else { return };
        let [shot] = named else {
            return self.fault("a success whose response is not the API's", "create");
        };
        let slot = &self.world.service.slots[shot.slot];
        let order = shot.state.order;
        let marked = |state: &State| {
            key.is_none_or(|key| state.tags.iter().any(|tag| tag.contains(key)))
        };
        let holds = slot.is_ipv6 == *is_ipv6
            && slot.zone == self.run.spec.zone
            && slot.any(self.from, self.to, |state| {
                state.owner == Owner::Ours(*project) && state.order == order && !state.is_deleting && marked(state)
            });
        if !holds {
            self.fault(FALSE_SUCCESS, "create: not the flexible IP that was asked for");
        }
        let made: Vec<&Effect> = self
            .effects()
            .filter(|effect| effect.deed == Deed::Create && !self.is_undone(effect))
            .collect();
        if made.iter().any(|effect| effect.slot != shot.slot) {
            self.fault("a creation made another flexible IP than the one it returned", "");
        }
        let is_made_here = |state: &State, at: Ms| state.order == order && at >= self.from;
        let is_its_own = made.iter().any(|effect| is_made_here(slot.at(effect.at), effect.at));
        if key.is_none() && !is_its_own {
            self.fault(FALSE_SUCCESS, "create: the flexible IP was not made by this call");
        }
        if key.is_some() && is_its_own {
            self.second_for_key();
        }
    }

    /// Whether an earlier call had made one for the same key that was there all the time.
    fn second_for_key(&mut self) {
        let spec = &self.run.spec;
        let Job::Create { is_ipv6, project, key, .. } = &spec.job else { return };
        for earlier in self.world.service.effects.iter() {
            let Some(call) = earlier.origin.call().filter(|call| *call != self.call) else { continue };
            let Job::Create { is_ipv6: other_ipv6, project: other_project, key: other_key, .. } =
                &self.world.runs[call].spec.job
            else {
                continue;
            };
            let is_same = other_key == key
                && other_ipv6 == is_ipv6
                && other_project == project
                && self.world.runs[call].spec.zone == spec.zone;
            if !is_same || earlier.deed != Deed::Create || earlier.at >= self.from || spec.skips_preflight {
                continue;
            }
            let slot = &self.world.service.slots[earlier.slot];
            let order = slot.at(earlier.at).order;
            let stays = |state: &State| {
                state.is_ours()
                    && state.order == order
                    && !state.is_deleting
                    && key.is_none_or(|key| state.tags.iter().any(|tag| tag.contains(key)))
            };
            if slot.all(self.from, self.to, stays) {
                let slot = earlier.slot;
                return self.fault("a second flexible IP for one key", format!("IP{slot} was there"));
            }
        }
    }

    fn dry(&mut self) {
        if self.run.exchanges.iter().any(|exchange| !exchange.ask.is_read()) {
            self.fault("a dry run sent a change", "");
        }
    }

    /// Whether others changed again during the call what the call had done: no reading shows it then.
    fn is_undone(&self, effect: &Effect) -> bool {
        let versions = self.world.service.slots[effect.slot].versions.iter();
        let mut after = versions.filter(|version| version.at >= effect.at && version.at <= self.to);
        after.any(|version| {
            version.origin != Origin::Service && version.origin.call() != Some(self.call)
        })
    }

    fn counts(&mut self, failure: Option<&CallFailure>) {
        let job = &self.run.spec.job;
        let is_once = matches!(
            job,
            Job::Create { .. }
                | Job::Generate { .. }
                | Job::DeleteMac { .. }
                | Job::Duplicate { .. }
                | Job::MoveMac { .. }
        );
        let deeds: Vec<&Effect> = self
            .effects()
            .filter(|effect| !matches!(effect.deed, Deed::LoseMac { .. }))
            .filter(|effect| !self.is_undone(effect))
            .collect();
        if is_once && deeds.len() > 1 {
            let text = format!("{} times: {}", deeds.len(), name(job));
            self.fault("an operation was done more than once", text);
        }
        let deletions = self.effects().filter(|effect| effect.deed == Deed::Delete).count();
        if matches!(job, Job::Delete { .. }) && deletions > 1 {
            self.fault("a deletion deleted what was bought again", format!("{deletions} times"));
        }
        let is_operation = is_once
            || matches!(
                job,
                Job::Update { .. } | Job::Delete { .. } | Job::Attach { .. } | Job::Detach { .. }
            );
        if let Some(failure) = failure
            && is_operation
            && !deeds.is_empty()
            && !facts::leaves_doubt(&failure.failure.error)
        {
            let text = format!("{}: {}", name(job), failure.failure.error);
            self.fault("a failure that leaves no doubt, and yet it was done", text);
        }
    }

    fn moves(&mut self, failure: Option<&CallFailure>) {
        let (Job::Ensure { server: target, .. } | Job::Failover { to: target, .. }) = &self.run.spec.job else {
            return;
        };
        let service = &self.world.service;
        let has_sent = self.run.exchanges.iter().any(|exchange| !exchange.ask.is_read());
        if self.run.is_aborted && has_sent && failure.is_some_and(|failure| failure.moves.is_empty()) {
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
            self.fault("a move took the MAC address from a part of a group", format!("IP{}", effect.slot));
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
                servers.into_iter().flatten().any(|server| service.servers[server].removed_at.is_some())
            };
            if !is_ours_alone || !is_touched || slot.any(self.from, Ms::MAX, is_on_removed) {
                continue;
            }
            let id = FlexibleIpId::parse(&slot.id);
            let is_named = failure.is_some_and(|failure| {
                failure.moves.iter().any(|state| Some(state.id) == id && !state.arrived)
            });
            if slot.now().server.is_none() && !is_named {
                self.fault("a move left a flexible IP on no server without naming it", format!("IP{number}"));
            }
        }
    }

    /// Whether a move took addresses down for a target that could not take them.
    fn target(&mut self, target: &str) {
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
        if !is_there {
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
                self.fault("a move to a server that is not there took down more than one group", text);
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

    fn failure(&mut self, failure: &CallFailure) {
        let attempts = failure.failure.attempts as usize;
        if attempts > self.run.exchanges.len() {
            let sent = self.run.exchanges.len();
            self.fault("a failure counts more attempts than were sent", format!("{attempts} of {sent}"));
        }
        for refused in facts::refusals(failure) {
            let Some(id) = &refused.request_id else { continue };
            let exchange = self.run.exchanges.iter().find(|exchange| {
                exchange.received.as_ref().is_some_and(|(received, _)| received == id)
            });
            match exchange {
                None => self.fault("a failure with the request id of another call", id.clone()),
                Some(exchange) if exchange.received.as_ref().is_none_or(|(_, status)| *status != refused.status) => {
                    self.fault("a failure with the status of another request", id.clone());
                }
                Some(_) => {}
            }
        }
        if let Some((method, target)) = &failure.failure.request {
            let sent = self.run.exchanges.iter().any(|exchange| exchange.method == *method && exchange.target == *target);
            // What was refused before it was sent names the request that it would have been.
            if !sent && !facts::is_before_sending(&failure.failure.error) {
                self.fault("a failure names a request that was not sent", format!("{method} {target}"));
            }
            let inner = facts::parts(&failure.failure.error).into_iter().find_map(|error| match error {
                Error::Refused(refused) => refused.request_id.as_ref(),
                _ => None,
            });
            let is_incomplete = matches!(failure.failure.error, Error::Incomplete(_));
            let other = inner.filter(|_| !is_incomplete).and_then(|id| {
                self.run.exchanges.iter().find(|exchange| {
                    exchange.received.as_ref().is_some_and(|(received, _)| received == id)
                        && (exchange.method != *method || exchange.target != *target)
                })
            });
            if let Some(other) = other {
                let text = format!("{method} {target}, but the refusal is of {} {}", other.method, other.target);
                self.fault("a failure names one request and the refusal of another", text);
            }
        }
    }
}

fn name(job: &Job) -> String {
    let text = format!("{job:?}");
    text.split([' ', '{']).next().unwrap_or_default().to_owned()
}
