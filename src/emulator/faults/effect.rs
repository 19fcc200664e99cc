//! What a fault does to a reply.

use super::rule::{Drip, Fault, FaultDelay, FaultStatus};
use crate::emulator::exchange::{Ending, Reply};

impl Fault {
    /// Its name, for the journal.
    pub(in crate::emulator) const fn name(&self) -> &'static str {
        match self {
            Self::Status(_) => "status",
            Self::RateLimit => "rateLimit",
            Self::RateGate(_) => "rateGate",
            Self::Delay(_) => "delay",
            Self::DropBefore => "dropBefore",
            Self::DropAfter => "dropAfter",
            Self::ResetBefore => "resetBefore",
            Self::ResetAfter => "resetAfter",
            Self::Truncate(_) => "truncate",
            Self::Garbage => "garbage",
            Self::Drip(_) => "drip",
        }
    }

    /// The reply that comes instead of the work; nothing if the work is done all the same.
    pub(in crate::emulator) fn instead(&self) -> Option<Reply> {
        // A status is needed; nobody gets to see it.
        let broken = |ending| Some(Reply { ending, ..Reply::bare(503) });
        match self {
            Self::Status(answer) if !answer.after => Some(answer.reply()),
            Self::RateLimit | Self::RateGate(_) => {
                let mut reply = Reply::bare(429);
                reply.headers.push(("X-Envoy-Ratelimited".to_owned(), "true".to_owned()));
                Some(reply)
            }
            Self::DropBefore => broken(Ending::Dropped),
            Self::ResetBefore => broken(Ending::Reset),
            _ => None,
        }
    }

    /// What becomes of the reply to a work that was done.
    pub(in crate::emulator) fn spoil(&self, reply: &mut Reply) {
        match self {
            Self::Status(answer) if answer.after && reply.status < 400 => *reply = answer.reply(),
            Self::Delay(FaultDelay::Fixed(millis)) => reply.delay_ms = *millis,
            Self::DropAfter => reply.ending = Ending::Dropped,
            Self::ResetAfter => reply.ending = Ending::Reset,
            Self::Truncate(bytes) if *bytes < reply.body.len() => {
                reply.body.truncate(*bytes);
                reply.ending = Ending::Cut;
            }
            Self::Garbage => reply.body = b"<html>\xff upstream".to_vec(),
            Self::Drip(Drip { pieces, over_ms }) if !reply.body.is_empty() => {
                let most = u32::try_from(reply.body.len()).unwrap_or(u32::MAX);
                reply.drip = Some(Drip { pieces: most.min(*pieces), over_ms: *over_ms });
            }
            _ => {}
        }
    }
}

impl FaultStatus {
    fn reply(&self) -> Reply {
        let text = match &self.body {
            serde_json::Value::Null => String::new(),
            serde_json::Value::String(text) => text.clone(),
            body => body.to_string(),
        };
        let mut reply =
            if text.is_empty() { Reply::bare(self.status) } else { Reply::json(self.status, text) };
        reply.headers.extend(self.headers.clone());
        reply
    }
}

#[cfg(test)]
mod tests {
    use super::super::rule::FaultRule;
    use super::*;

    fn fault(json: &str) -> Fault {
        FaultRule::from_json(&format!(r#"{{"fault": {json}}}"#)).unwrap().fault
    }

    #[test]
    fn a_status_of_ones_own_has_its_body_and_headers() {
        let status = r#"{"status": {"status": 503, "body": {"message": "no"}, "headers": {"Retry-After": "2"}}}"#;
        let reply = fault(status).instead().unwrap();
        assert_eq!((reply.status, reply.body.as_slice()), (503, br#"{"message":"no"}"#.as_slice()));
        assert!(reply.headers.contains(&("Retry-After".to_owned(), "2".to_owned())));
    }

    #[test]
    fn a_bare_429_has_neither_body_nor_type() {
        for limit in [r#""rateLimit""#, r#"{"rateGate": {"perSecond": 1, "burst": 1}}"#] {
            let reply = fault(limit).instead().unwrap();
            assert_eq!(reply.headers, [("X-Envoy-Ratelimited".to_owned(), "true".to_owned())]);
            assert!(reply.body.is_empty());
        }
    }

    #[test]
    fn a_status_after_the_work_stands_for_its_answer_but_for_no_refusal() {
        let after = fault(r#"{"status": {"status": 502, "after": true}}"#);
        assert_eq!(after.instead(), None);
        let spoiled = |status| {
            let mut reply = Reply::json(status, "{}".to_owned());
            after.spoil(&mut reply);
            reply.status
        };
        assert_eq!((spoiled(200), spoiled(404)), (502, 404));
    }

    #[test]
    fn a_body_drips_in_no_more_pieces_than_it_has_bytes() {
        let drip = fault(r#"{"drip": {"pieces": 9, "overMs": 100}}"#);
        let dripped = |body: &str| {
            let mut reply = Reply::json(200, body.to_owned());
            drip.spoil(&mut reply);
            reply.drip.map(|drip| drip.pieces)
        };
        assert_eq!([dripped(""), dripped("{}"), dripped("{      }")], [None, Some(2), Some(8)]);
    }
}
