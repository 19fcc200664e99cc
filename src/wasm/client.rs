//! The export of the module `client`: the functions of the room `edge`, for the facade in `js/`.
//!
//! There is one export, because each has about 800 bytes of code around it: `js/transport/core.ts` has a function
//! for each number.

use std::cell::RefCell;

use wasm_bindgen::prelude::*;

use crate::edge::{Core, Moment, Start, pure};
use crate::model::parts::split;
use crate::model::to_text::ToText;

thread_local! {
    static CORE: RefCell<Core> = RefCell::default();
}

/// Calls a function of the core by its number. `lines` has its texts, a line each: none of them contains
/// the end of a line. What a function does not need is ignored, and a number that no function has is an
/// empty answer.
#[wasm_bindgen]
pub fn act(function: u8, one: u32, two: u32, three: f64, four: f64, lines: &str) -> String {
    // The core calls nothing that could call it again, so it is never borrowed here.
    CORE.with(|core| {
        let Ok(mut core) = core.try_borrow_mut() else { return String::new() };
        answer(&mut core, function, [one, two], [three, four], lines)
    })
}

fn answer(
    core: &mut Core,
    function: u8,
    [one, two]: [u32; 2],
    [three, four]: [f64; 2],
    lines: &str,
) -> String {
    let mut texts = split(lines, b'\n');
    let mut next = || texts.next().unwrap_or_default();
    let [first, second, third] = [next(), next(), next()];
    let start = Start {
        client: one,
        method: first,
        request: second,
        options: third,
        reads: next(),
        zone: next(),
    };
    match function {
        0 => core.settings(one, first, two != 0),
        1 => core.plain(&start),
        2 => core.sharing(&start),
        3 => core.begin(&start, two, three, four != 0.0),
        4 => core.pass(one, first, Moment { now: three, tokens: two, successes: four as u32 }),
        5 => core.leave(one, three, first, four),
        6 => {
            core.forget(one);
            String::new()
        }
        7 => core.running().to_text(),
        8 => pure::validate(first, second, third),
        9 => pure::build_request(first, second, third),
        10 => pure::check_same_server(first, second),
        11 => pure::zones(),
        12 => pure::refuse_address(first),
        _ => String::new(),
    }
}
