//! From a method of the client and its arguments to a machine.

use super::start::Start;
use super::value::read_argument;
use crate::error::problem::{Problem, Reason};
use crate::flow::Machine;
use crate::flow::call_policy::CallPolicy;
use crate::flow::create_and_attach::CreateAndAttachFlow;
use crate::flow::list::ListFlow;
use crate::flow::operation::OperationFlow;
use crate::flow::relocate::{RelocateFlow, Relocation};
use crate::flow::settings::{CallSettings, TOTAL_TIMEOUT_DEFAULT};
use crate::flow::wait::{Condition, WAIT_TIMEOUT_DEFAULT, WaitFlow, WaitRequest};
use crate::model::id::ServerId;
use crate::model::time::Millis;
use crate::ops::arguments::{Defaults, Reader};
use crate::ops::list::{Listing, check_walk};
use crate::ops::{CheckedRequest, check};
use crate::wire::route::Operation;
use crate::wire::value::Value;

/// A method of the client whose arguments are valid.
pub(super) enum Method {
    Operation(CheckedRequest),
    CreateAndAttach(CheckedRequest, ServerId),
    ListAll(Listing),
    ListPages(Listing),
    Wait(WaitRequest),
    Move(Relocation),
}

/// What was read, unless a problem is an error; and all problems.
pub(super) type Read<T> = (Option<T>, Vec<Problem>);

const LIST: &str = "listFlexibleIPs";
const FIND_BY_IP: &str = "findByIp";
pub(super) const CREATE_AND_ATTACH: &str = "createAndAttach";
const METHODS: [&str; 8] = [
    CREATE_AND_ATTACH,
    "waitForFlexibleIP",
    "waitForFlexibleIPs",
    "waitUntilDeleted",
    "ensureAttached",
    "failover",
    "listAllZones",
    FIND_BY_IP,
];

/// The name of a method in errors; `None` if there is no such method.
pub(crate) fn name_of(method: &str) -> Option<&'static str> {
    let operation = Operation::named(method).map(Operation::name);
    operation.or_else(|| METHODS.into_iter().find(|name| *name == method))
}

impl Method {
    /// Reads the arguments of a method.
    pub(super) fn read(
        name: &'static str,
        start: &Start<'_>,
        settings: &CallSettings,
        defaults: &Defaults,
    ) -> Read<Self> {
        let mut request = read_argument(start.request);
        match (start.reads, name) {
            ("", "waitForFlexibleIP" | "waitForFlexibleIPs" | "waitUntilDeleted") => {
                let is_gone = name == "waitUntilDeleted";
                let condition = if is_gone { Condition::Gone } else { Condition::Rest };
                let is_list = name == "waitForFlexibleIPs";
                read_with(&request, defaults, |reader| {
                    WaitRequest::read(name, condition, is_list, reader).map(Self::Wait)
                })
            }
            ("", "ensureAttached") => read_with(&request, defaults, |reader| {
                Relocation::read_ensure(reader).map(Self::Move)
            }),
            ("", "failover") => read_with(&request, defaults, |reader| {
                Relocation::read_failover(reader).map(Self::Move)
            }),
            ("", name) => read_operation(name, &request, settings, defaults),
            (reads, _) => {
                if let (false, Value::Object(fields)) = (start.zone.is_empty(), &mut request) {
                    if fields.iter().any(|(name, zone)| name == "zone" && *zone != Value::Null) {
                        let help = "value must be left out: all zones are read";
                        return refused("zone", Reason::Constraint, help);
                    }
                    fields.retain(|(name, _)| name != "zone");
                    fields.push(("zone".to_owned(), Value::Text(start.zone.to_owned())));
                }
                let (listing, problems) = check_walk(&request, defaults);
                let by_page = reads == "pages";
                (listing.map(if by_page { Self::ListPages } else { Self::ListAll }), problems)
            }
        }
    }

    /// Where creates with the same idempotency key meet: the list that finds the key. None for another call.
    #[cfg(all(target_arch = "wasm32", feature = "web"))]
    pub(super) fn place(&self) -> Option<String> {
        match self {
            Self::Operation(checked) | Self::CreateAndAttach(checked, _) => {
                Some(checked.lookup.as_ref()?.request.target())
            }
            _ => None,
        }
    }

    /// The total timeout if none is set: longer for a method that waits on a server.
    pub(super) const fn total_timeout(&self) -> Millis {
        match self {
            Self::CreateAndAttach(..) | Self::Wait(_) | Self::Move(_) => WAIT_TIMEOUT_DEFAULT,
            Self::Operation(_) | Self::ListAll(_) | Self::ListPages(_) => TOTAL_TIMEOUT_DEFAULT,
        }
    }

    /// The machine.
    pub(super) fn machine(
        self,
        name: &'static str,
        skip_preflight: bool,
        policy: CallPolicy,
    ) -> Box<dyn Machine> {
        match self {
            Self::Operation(checked) => {
                Box::new(OperationFlow::new(checked, skip_preflight, policy))
            }
            Self::CreateAndAttach(checked, server) => {
                Box::new(CreateAndAttachFlow::new(checked, server, skip_preflight, policy))
            }
            Self::ListAll(listing) => Box::new(ListFlow::all(listing, policy).named(name)),
            Self::ListPages(listing) => Box::new(if name == LIST {
                ListFlow::by_page(listing, policy)
            } else {
                ListFlow::by_page_in_one_call(listing, policy).named(name)
            }),
            Self::Wait(request) => Box::new(WaitFlow::new(request, policy)),
            Self::Move(relocation) => Box::new(RelocateFlow::new(relocation, policy)),
        }
    }
}

/// Reads the request of an operation, or of `createAndAttach`.
fn read_operation(
    name: &'static str,
    request: &Value,
    settings: &CallSettings,
    defaults: &Defaults,
) -> Read<Method> {
    let attaches = name == CREATE_AND_ATTACH;
    let operation = Operation::named(name).unwrap_or(Operation::CreateFlexibleIp);
    if settings.idempotency_key.is_some() && operation != Operation::CreateFlexibleIp {
        let help = "only a creation takes a key: nothing else could be made twice";
        return refused("idempotencyKey", Reason::Constraint, help);
    }
    let lacks_server = matches!(request.field("serverId"), None | Some(Value::Null));
    if attaches && lacks_server && matches!(request, Value::Object(_)) {
        return refused("serverId", Reason::Required, "value is required: a UUID");
    }
    let (checked, problems) = match &settings.idempotency_key {
        None => check(operation, request, defaults),
        Some(key) => {
            let idempotency_key = Some(key.clone());
            check(operation, request, &Defaults { idempotency_key, ..defaults.clone() })
        }
    };
    let server = request.text("serverId").and_then(ServerId::parse).filter(|_| attaches);
    let method = checked.map(|checked| match server {
        Some(server) => Method::CreateAndAttach(checked, server),
        None => Method::Operation(checked),
    });
    (method, problems)
}

/// Reads a request. There is none if a problem is an error.
fn read_with<T>(
    request: &Value,
    defaults: &Defaults,
    read: impl FnOnce(&mut Reader<'_>) -> Option<T>,
) -> Read<T> {
    let mut reader = Reader::new(request, defaults);
    let value = read(&mut reader);
    let (passed, problems) = reader.finish();
    (value.filter(|_| passed), problems)
}

/// The refusal of one argument.
fn refused<T>(field: &str, reason: Reason, help: &str) -> Read<T> {
    (None, vec![Problem::error(field, reason, help)])
}
