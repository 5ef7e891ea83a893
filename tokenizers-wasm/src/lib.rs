//! Rust's `tokenizers` behind a few C functions. One instance of the module holds one tokenizer: WebAssembly memory never
//! shrinks, so whoever is done with a tokenizer drops the instance, and whoever was answered by a trap drops it too.
//!
//! Texts go in as UTF-8 in memory from `take`. A function that can fail answers -1 and leaves the reason in `answer`; a panic
//! leaves its message there before it traps.

use std::alloc::{alloc, dealloc, Layout};
use std::cell::UnsafeCell;
use std::fmt::Write;
use tokenizers::{EncodeInput, Encoding, Tokenizer};

/// What the module remembers between calls; WebAssembly without threads has one caller at a time.
struct State {
    tokenizer: Option<Tokenizer>,
    answer: Vec<u8>,
    rows: Vec<u32>,
}

struct Shared(UnsafeCell<State>);
unsafe impl Sync for Shared {}

static STATE: Shared = Shared(UnsafeCell::new(State {
    tokenizer: None,
    answer: Vec::new(),
    rows: Vec::new(),
}));

#[allow(clippy::mut_from_ref)]
fn state() -> &'static mut State {
    unsafe { &mut *STATE.0.get() }
}

const FAILED: i32 = -1;

/// Numbers in each row of an encoding: id, type id, sequence, start, end.
const COLUMNS: usize = 5;

/// The sequence of a token that the post-processor put in.
const NO_SEQUENCE: u32 = u32::MAX;

fn fail(reason: impl ToString) -> i32 {
    state().answer = reason.to_string().into_bytes();
    FAILED
}

unsafe fn bytes<'a>(pointer: *const u8, length: usize) -> &'a [u8] {
    if length == 0 {
        &[]
    } else {
        std::slice::from_raw_parts(pointer, length)
    }
}

fn layout(length: usize) -> Layout {
    Layout::from_size_align(length.max(1), 8).expect("a length")
}

#[no_mangle]
pub extern "C" fn take(length: usize) -> *mut u8 {
    unsafe { alloc(layout(length)) }
}

/// # Safety
/// `pointer` came from `take(length)` and is not used again.
#[no_mangle]
pub unsafe extern "C" fn give(pointer: *mut u8, length: usize) {
    dealloc(pointer, layout(length));
}

#[no_mangle]
pub extern "C" fn answer() -> *const u8 {
    state().answer.as_ptr()
}

#[no_mangle]
pub extern "C" fn answer_length() -> usize {
    state().answer.len()
}

#[no_mangle]
pub extern "C" fn rows() -> *const u32 {
    state().rows.as_ptr()
}

/// Opens `tokenizer.json`. Truncation and padding are the caller's.
///
/// # Safety
/// `length` bytes lie at `pointer`.
#[no_mangle]
pub unsafe extern "C" fn open(pointer: *const u8, length: usize, split_special_tokens: i32) -> i32 {
    std::panic::set_hook(Box::new(|info| {
        let mut message = String::new();
        let payload = info.payload();
        let text = payload
            .downcast_ref::<&str>()
            .copied()
            .or_else(|| payload.downcast_ref::<String>().map(String::as_str));
        let _ = write!(message, "{}", text.unwrap_or("it stopped"));
        state().answer = message.into_bytes();
    }));
    match Tokenizer::from_bytes(bytes(pointer, length)) {
        Ok(mut tokenizer) => {
            tokenizer.with_padding(None);
            if let Err(error) = tokenizer.with_truncation(None) {
                return fail(error);
            }
            tokenizer.set_encode_special_tokens(split_special_tokens != 0);
            state().tokenizer = Some(tokenizer);
            0
        }
        Err(error) => fail(error),
    }
}

/// Offsets in characters as offsets in UTF-16 code units.
fn utf16_offsets(text: &str) -> Vec<u32> {
    let mut offsets = Vec::with_capacity(text.len() + 1);
    let mut at = 0;
    for character in text.chars() {
        offsets.push(at);
        at += character.len_utf16() as u32;
    }
    offsets.push(at);
    offsets
}

fn push_rows(encoding: &Encoding, offsets: &[Vec<u32>; 2]) {
    let rows = &mut state().rows;
    rows.clear();
    rows.reserve(encoding.len() * COLUMNS);
    for (index, id) in encoding.get_ids().iter().enumerate() {
        let sequence = encoding.token_to_sequence(index).map_or(NO_SEQUENCE, |sequence| sequence as u32);
        let (start, end) = encoding.get_offsets()[index];
        let places = offsets.get(sequence as usize);
        let place = |offset: usize| places.and_then(|all| all.get(offset)).copied().unwrap_or(0);
        rows.extend([*id, encoding.get_type_ids()[index], sequence, place(start), place(end)]);
    }
}

/// Encodes a text, or a pair of texts, and answers how many rows `rows` has.
///
/// # Safety
/// UTF-8 of these lengths lies at both pointers.
#[no_mangle]
pub unsafe extern "C" fn encode(
    text: *const u8,
    length: usize,
    pair: *const u8,
    pair_length: usize,
    is_pair: i32,
    add_special_tokens: i32,
) -> i32 {
    let Some(tokenizer) = &state().tokenizer else {
        return fail("no tokenizer is open");
    };
    let (Ok(text), Ok(pair)) = (
        std::str::from_utf8(bytes(text, length)),
        std::str::from_utf8(bytes(pair, pair_length)),
    ) else {
        return fail("the text is not UTF-8");
    };
    let input: EncodeInput = if is_pair != 0 { (text, pair).into() } else { text.into() };
    match tokenizer.encode_char_offsets(input, add_special_tokens != 0) {
        Ok(encoding) => {
            push_rows(&encoding, &[utf16_offsets(text), utf16_offsets(pair)]);
            encoding.len() as i32
        }
        Err(error) => fail(error),
    }
}

fn answer_json(value: &serde_json::Value) -> i32 {
    state().answer = value.to_string().into_bytes();
    0
}

/// Answers the entries of ids below `size` as a JSON array, null for an id without one.
#[no_mangle]
pub extern "C" fn vocabulary(size: u32) -> i32 {
    let Some(tokenizer) = &state().tokenizer else {
        return fail("no tokenizer is open");
    };
    answer_json(&(0..size).map(|id| tokenizer.id_to_token(id)).collect::<Vec<_>>().into())
}

/// Answers the added tokens as a JSON array of `[id, content, special]`, by id.
#[no_mangle]
pub extern "C" fn added_tokens() -> i32 {
    let Some(tokenizer) = &state().tokenizer else {
        return fail("no tokenizer is open");
    };
    let mut added: Vec<_> = tokenizer.get_added_tokens_decoder().into_iter().collect();
    added.sort_by_key(|(id, _)| *id);
    let rows: Vec<_> = added
        .into_iter()
        .map(|(id, token)| serde_json::json!([id, token.content, token.special]))
        .collect();
    answer_json(&rows.into())
}

/// Answers the id of a piece, -1 for one that the vocabulary lacks.
///
/// # Safety
/// `length` bytes lie at `pointer`.
#[no_mangle]
pub unsafe extern "C" fn id_of(pointer: *const u8, length: usize) -> i32 {
    let piece = std::str::from_utf8(bytes(pointer, length)).ok();
    let id = piece.and_then(|piece| state().tokenizer.as_ref()?.token_to_id(piece));
    id.and_then(|id| i32::try_from(id).ok()).unwrap_or(-1)
}

/// Answers the text that ids stand for.
///
/// # Safety
/// `count` ids lie at `pointer`.
#[no_mangle]
pub unsafe extern "C" fn decode(pointer: *const u32, count: usize, skip_special_tokens: i32) -> i32 {
    let Some(tokenizer) = &state().tokenizer else {
        return fail("no tokenizer is open");
    };
    let ids = if count == 0 { &[] } else { std::slice::from_raw_parts(pointer, count) };
    match tokenizer.decode(ids, skip_special_tokens != 0) {
        Ok(text) => {
            state().answer = text.into_bytes();
            0
        }
        Err(error) => fail(error),
    }
}

/// Seeds for hash tables: a fixed sequence, so that every instance does the same.
#[no_mangle]
unsafe extern "Rust" fn __getrandom_v03_custom(dest: *mut u8, length: usize) -> Result<(), getrandom::Error> {
    for index in 0..length {
        dest.add(index).write((index as u8).wrapping_mul(167).wrapping_add(13));
    }
    Ok(())
}
