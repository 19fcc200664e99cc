//! The client's machines for the calls of a world. Only this file, `world` and `facts` know the client.

use flexip::flow::Machine;
use flexip::flow::call_policy::CallPolicy;
use flexip::flow::list::ListFlow;
use flexip::flow::operation::OperationFlow;
use flexip::flow::relocate::{RelocateFlow, Relocation};
use flexip::flow::wait::{Condition, WaitFlow, WaitRequest};
use flexip::model::time::Millis;
use flexip::model::zone::Zone;
use flexip::ops::arguments::{Defaults, Reader};
use flexip::ops::check;
use flexip::ops::list::{Listing, check_walk};
use flexip::policy::budget::Budget;
use flexip::policy::retry::RetryPolicy;
use flexip::wire::route::Operation;
use flexip::wire::value::Value;
use serde_json::{Value as Json, json};

use super::setup::{CallSpec, Job};
use super::truth::{PROJECTS, ZONES};

fn policy(spec: &CallSpec, budget: &Budget, seed: u64) -> CallPolicy {
    CallPolicy {
        retry: if spec.retries { RetryPolicy::DEFAULT } else { RetryPolicy::NEVER },
        timeout: Millis(spec.timeout),
        total_timeout: Millis(spec.total),
        settling_time: None,
        renews_key: false,
        budget: budget.clone(),
        seed,
    }
}

/// What an update writes, and a creation.
pub(crate) fn mark(call: usize) -> String {
    format!("by call {call}")
}

/// The machine of a call.
pub(crate) fn machine(spec: &CallSpec, budget: &Budget, seed: u64) -> Box<dyn Machine> {
    let defaults = Defaults { zone: Zone::parse(ZONES[spec.zone]), ..Defaults::default() };
    let policy = policy(spec, budget, seed);
    let mark = mark(spec.number);
    let relocation = |arguments: Json, is_failover: bool, policy: CallPolicy| -> Box<dyn Machine> {
        let arguments = Value::from(arguments);
        let mut reader = Reader::new(&arguments, &defaults);
        let relocation = if is_failover {
            Relocation::read_failover(&mut reader)
        } else {
            Relocation::read_ensure(&mut reader)
        };
        Box::new(RelocateFlow::new(relocation.unwrap(), policy))
    };
    let (operation, arguments) = match &spec.job {
        Job::ListAll { size, status } => {
            let arguments = json!({ "pageSize": size, "status": status.map(|word| [word]) });
            return Box::new(ListFlow::all(listing(arguments, &defaults), policy));
        }
        Job::Pages { size, .. } => {
            let listing = listing(json!({ "pageSize": size }), &defaults);
            return Box::new(ListFlow::by_page(listing, policy));
        }
        Job::WaitRest { ids } => {
            let is_list = ids.len() > 1;
            let arguments =
                if is_list { json!({ "fipsIds": ids }) } else { json!({ "fipId": ids[0] }) };
            return wait(&arguments, &defaults, Condition::Rest, is_list, policy);
        }
        Job::WaitGone { ids } => {
            let arguments = json!({ "fipId": ids[0] });
            return wait(&arguments, &defaults, Condition::Gone, false, policy);
        }
        Job::Ensure { ids, server, direct, dry } => {
            let strategy = if *direct { "direct" } else { "detach" };
            let arguments =
                json!({ "fipsIds": ids, "serverId": server, "strategy": strategy, "dryRun": dry });
            return relocation(arguments, false, policy);
        }
        Job::Failover { from, to, ids, direct, dry } => {
            let strategy = if *direct { "direct" } else { "detach" };
            let mut arguments = json!({ "fromServerId": from, "toServerId": to, "strategy": strategy, "dryRun": dry });
            if let Some(ids) = ids {
                arguments["fipsIds"] = json!(ids);
                arguments["onRefusal"] = json!("stay");
            }
            return relocation(arguments, true, policy);
        }
        Job::Get { id } => (Operation::GetFlexibleIp, json!({ "fipId": id })),
        Job::Create { server, is_ipv6, project, .. } => (
            Operation::CreateFlexibleIp,
            json!({
                "projectId": PROJECTS[usize::from(*project)],
                "serverId": server,
                "isIpv6": is_ipv6,
                "description": mark,
            }),
        ),
        Job::Update { id } => (
            Operation::UpdateFlexibleIp,
            json!({ "fipId": id, "description": mark, "tags": [mark] }),
        ),
        Job::Delete { id } => (Operation::DeleteFlexibleIp, json!({ "fipId": id })),
        Job::Attach { ids, server } => {
            (Operation::AttachFlexibleIp, json!({ "fipsIds": ids, "serverId": server }))
        }
        Job::Detach { ids } => (Operation::DetachFlexibleIp, json!({ "fipsIds": ids })),
        Job::Generate { id, kind } => {
            (Operation::GenerateMacAddr, json!({ "fipId": id, "macType": kind }))
        }
        Job::DeleteMac { id } => (Operation::DeleteMacAddr, json!({ "fipId": id })),
        Job::Duplicate { id, from } => {
            (Operation::DuplicateMacAddr, json!({ "fipId": id, "duplicateFromFipId": from }))
        }
        Job::MoveMac { id, to } => (Operation::MoveMacAddr, json!({ "fipId": id, "dstFipId": to })),
    };
    let key = if let Job::Create { key, .. } = &spec.job { *key } else { None };
    let defaults = Defaults { idempotency_key: key.map(str::to_owned), ..defaults };
    let (checked, problems) = check(operation, &Value::from(arguments), &defaults);
    // A request that is refused before it is sent has no machine: `is_sensible` leaves it out.
    let checked = checked.unwrap_or_else(|| panic!("{problems:?}"));
    Box::new(OperationFlow::new(checked, spec.skips_preflight, policy))
}

/// Whether the client sends such a request at all.
pub(crate) fn is_sensible(job: &Job) -> bool {
    match job {
        Job::Duplicate { id, from } => id != from,
        Job::MoveMac { id, to } => id != to,
        _ => true,
    }
}

fn wait(
    arguments: &Json,
    defaults: &Defaults,
    condition: Condition,
    is_list: bool,
    policy: CallPolicy,
) -> Box<dyn Machine> {
    let arguments = Value::from(arguments.clone());
    let mut reader = Reader::new(&arguments, defaults);
    let request = WaitRequest::read("wait", condition, is_list, &mut reader).unwrap();
    Box::new(WaitFlow::new(request, policy))
}

fn listing(arguments: Json, defaults: &Defaults) -> Listing {
    check_walk(&Value::from(arguments), defaults).0.unwrap()
}
