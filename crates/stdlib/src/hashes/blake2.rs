//! `_blake2`: BLAKE2b and BLAKE2s (RFC 7693) with key, salt, personalization and the parameters of tree hashing.

use super::hashable;
use heddle_vm::function::{Args, Native};
use heddle_vm::native::NativeResult;
use heddle_vm::process::{ModuleDef, Process};
use heddle_vm::types::{Layout, TypeDef, TypeRef, core};
use heddle_vm::value::Value;

const SIGMA: [[usize; 16]; 10] = [
    [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15],
    [14, 10, 4, 8, 9, 15, 13, 6, 1, 12, 0, 2, 11, 7, 5, 3],
    [11, 8, 12, 0, 5, 2, 15, 13, 10, 14, 3, 6, 7, 1, 9, 4],
    [7, 9, 3, 1, 13, 12, 11, 14, 2, 6, 5, 10, 4, 0, 15, 8],
    [9, 0, 5, 7, 2, 4, 10, 15, 14, 1, 11, 12, 6, 8, 3, 13],
    [2, 12, 6, 10, 0, 11, 8, 3, 4, 13, 7, 5, 15, 14, 1, 9],
    [12, 5, 1, 15, 14, 13, 4, 10, 0, 7, 6, 3, 9, 2, 8, 11],
    [13, 11, 7, 14, 12, 1, 3, 9, 5, 0, 15, 4, 8, 6, 2, 10],
    [6, 15, 14, 9, 11, 3, 0, 8, 12, 2, 13, 7, 1, 4, 10, 5],
    [10, 2, 8, 4, 7, 6, 1, 5, 15, 11, 9, 14, 3, 12, 13, 0],
];

/// The words and rotations of the two: b works on 64 bits, s on 32 (in the lower halves).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Variant {
    B,
    S,
}

impl Variant {
    fn word(self) -> usize {
        if self == Variant::B { 8 } else { 4 }
    }

    fn name(self) -> &'static str {
        if self == Variant::B { "blake2b" } else { "blake2s" }
    }

    fn initial(self) -> [u64; 8] {
        match self {
            Variant::B => super::sha::SHA512,
            Variant::S => super::sha::SHA256,
        }
    }

    fn mask(self) -> u64 {
        if self == Variant::B { u64::MAX } else { 0xFFFF_FFFF }
    }

    fn rotate(self, v: u64, step: usize) -> u64 {
        match self {
            Variant::B => v.rotate_right([32, 24, 16, 63][step]),
            Variant::S => u64::from((v as u32).rotate_right([16, 12, 8, 7][step])),
        }
    }

    fn rounds(self) -> usize {
        if self == Variant::B { 12 } else { 10 }
    }
}

/// A running hash.
#[derive(Clone, Debug)]
struct Blake {
    variant: Variant,
    digest: usize,
    state: [u64; 8],
    /// The block that is not known to be full or last.
    block: Vec<u8>,
    length: u128,
    last_node: bool,
}
heddle_vm::impl_payload!(Blake);

impl Blake {
    fn block_size(&self) -> usize {
        self.variant.word() * 16
    }

    fn compress(&mut self, last: bool) {
        let (v, mask) = (self.variant, self.variant.mask());
        let mut block = std::mem::take(&mut self.block);
        block.resize(self.block_size(), 0);
        let words: Vec<u64> = block
            .chunks_exact(v.word())
            .map(|c| c.iter().rev().fold(0, |word, b| word << 8 | u64::from(*b)))
            .collect();
        let mut w = [0; 16];
        w[..8].copy_from_slice(&self.state);
        w[8..].copy_from_slice(&v.initial());
        w[12] ^= self.length as u64 & mask;
        w[13] ^= (self.length >> (8 * v.word())) as u64 & mask;
        if last {
            w[14] ^= mask;
            if self.last_node {
                w[15] ^= mask;
            }
        }
        for round in 0..v.rounds() {
            let order = &SIGMA[round % 10];
            for i in 0..8 {
                let (a, b, c, d) = if i < 4 {
                    (i, i + 4, i + 8, i + 12)
                } else {
                    (i - 4, 4 + (i + 1) % 4, 8 + (i + 2) % 4, 12 + (i + 3) % 4)
                };
                for half in 0..2 {
                    let word = words[order[2 * i + half]];
                    w[a] = w[a].wrapping_add(w[b]).wrapping_add(word) & mask;
                    w[d] = v.rotate(w[d] ^ w[a], 2 * half);
                    w[c] = w[c].wrapping_add(w[d]) & mask;
                    w[b] = v.rotate(w[b] ^ w[c], 2 * half + 1);
                }
            }
        }
        for i in 0..8 {
            self.state[i] ^= w[i] ^ w[i + 8];
        }
    }

    fn update(&mut self, mut data: &[u8]) {
        let size = self.block_size();
        while !data.is_empty() {
            if self.block.len() == size {
                self.length += size as u128;
                self.compress(false);
            }
            let (now, later) = data.split_at(data.len().min(size - self.block.len()));
            self.block.extend_from_slice(now);
            data = later;
        }
    }

    fn digest(&self) -> Vec<u8> {
        let mut last = self.clone();
        last.length += last.block.len() as u128;
        last.compress(true);
        let word = last.variant.word();
        let bytes = last.state.iter().flat_map(|w| w.to_le_bytes().into_iter().take(word));
        bytes.take(last.digest).collect()
    }
}

const NAMES: [&str; 15] = [
    "data",
    "*digest_size",
    "*key",
    "*salt",
    "*person",
    "*fanout",
    "*depth",
    "*leaf_size",
    "*node_offset",
    "*node_depth",
    "*inner_size",
    "*last_node",
    "*usedforsecurity",
    "*string",
    "*",
];

/// An integer parameter, or its default.
fn parameter(p: &mut Process, v: Option<Value>, default: u64, most: u64, message: &str) -> NativeResult<u64> {
    let Some(v) = v else { return Ok(default) };
    let n = p.index_value(v)?;
    match p.as_bigint(n).and_then(|n| u64::try_from(n).ok()) {
        Some(n) if n <= most => Ok(n),
        _ => Err(p.value_error(message)),
    }
}

/// Bytes of at most `most`.
fn short(p: &mut Process, v: Option<Value>, most: usize, name: &str) -> NativeResult<Vec<u8>> {
    let bytes = match v {
        Some(v) => p.buffer_bytes(v)?,
        None => Vec::new(),
    };
    if bytes.len() > most {
        return Err(p.value_error(&format!("maximum {name} length is {most} bytes")));
    }
    Ok(bytes)
}

fn start(p: &mut Process, args: Args<'_>, variant: Variant) -> NativeResult {
    let class = args.this();
    let [
        data,
        digest,
        key,
        salt,
        person,
        fanout,
        depth,
        leaf,
        offset,
        node_depth,
        inner,
        last,
        _,
        text,
        _,
    ] = p.bind(args.rest(), variant.name(), NAMES, 0)?;
    let (word, most) = (variant.word(), variant.word() * 8);
    let digest = match digest {
        Some(v) => p.index_i64(v)?,
        None => most as i64,
    };
    if digest < 1 || digest > most as i64 {
        return Err(p.value_error(&format!("digest_size must be between 1 and {most} bytes")));
    }
    let key = short(p, key, most, "key")?;
    let salt = short(p, salt, word * 2, "salt")?;
    let person = short(p, person, word * 2, "person")?;
    let fanout = parameter(p, fanout, 1, 255, "fanout must be between 0 and 255")?;
    let depth = parameter(p, depth, 1, 255, "depth must be between 1 and 255")?;
    if depth == 0 {
        return Err(p.value_error("depth must be between 1 and 255"));
    }
    let leaf = parameter(p, leaf, 0, u64::from(u32::MAX), "leaf_size is too large")?;
    let most_offset = if variant == Variant::B { u64::MAX } else { (1 << 48) - 1 };
    let offset = parameter(p, offset, 0, most_offset, "node_offset is too large")?;
    let node_depth = parameter(p, node_depth, 0, 255, "node_depth must be between 0 and 255")?;
    let bound = format!("inner_size must be between 0 and is {most}");
    let inner = parameter(p, inner, 0, most as u64, &bound)?;
    let last_node = match last {
        Some(v) => p.truth(v)?,
        None => false,
    };
    let mut block = vec![digest as u8, key.len() as u8, fanout as u8, depth as u8];
    block.extend((leaf as u32).to_le_bytes());
    block.extend_from_slice(&offset.to_le_bytes()[..if variant == Variant::B { 8 } else { 6 }]);
    block.extend([node_depth as u8, inner as u8]);
    block.resize(word * 4, 0);
    for part in [salt, person] {
        let end = block.len() + word * 2;
        block.extend(part);
        block.resize(end, 0);
    }
    let mut state = variant.initial();
    for (slot, chunk) in state.iter_mut().zip(block.chunks_exact(word)) {
        *slot ^= chunk.iter().rev().fold(0, |word, b| word << 8 | u64::from(*b));
    }
    let mut blake = Blake {
        variant,
        digest: digest as usize,
        state,
        block: Vec::new(),
        length: 0,
        last_node,
    };
    if !key.is_empty() {
        let mut first = key;
        first.resize(blake.block_size(), 0);
        blake.update(&first);
    }
    if let Some(data) = data.or(text) {
        let bytes = hashable(p, data)?;
        crate::c_code::hashing(p, bytes.len(), crate::c_code::BLAKE2)?;
        blake.update(&bytes);
    }
    Ok(p.new_payload(class, blake))
}

fn blake(p: &mut Process, v: Value) -> NativeResult<Blake> {
    match p.heap.payload::<Blake>(v) {
        Some(blake) => Ok(blake.clone()),
        None => Err(p.type_error("a hash object is required")),
    }
}

const MEMBERS: &[Native] = &[
    Native::method("update", |p, args| {
        let (this, [data]) = p.method_args(args, "update")?;
        let bytes = hashable(p, data)?;
        crate::c_code::hashing(p, bytes.len(), crate::c_code::BLAKE2)?;
        if let Some(blake) = p.heap.payload_mut::<Blake>(this) {
            blake.update(&bytes);
        }
        Ok(Value::NONE)
    }),
    Native::method("digest", |p, args| {
        let digest = blake(p, args.this())?.digest();
        Ok(p.new_bytes(&digest))
    }),
    Native::method("hexdigest", |p, args| {
        let digest = blake(p, args.this())?.digest();
        let text: String = digest.iter().map(|b| format!("{b:02x}")).collect();
        Ok(p.new_str(&text))
    }),
    Native::method("copy", |p, args| {
        let blake = blake(p, args.this())?;
        let class = p.type_of(args.this());
        Ok(p.new_payload(class, blake))
    }),
    Native::getter("name", |p, args| {
        let blake = blake(p, args.this())?;
        Ok(p.new_str(blake.variant.name()))
    }),
    Native::getter("block_size", |p, args| {
        let size = blake(p, args.this())?.block_size();
        Ok(p.new_int(size as i64))
    }),
    Native::getter("digest_size", |p, args| {
        let size = blake(p, args.this())?.digest;
        Ok(p.new_int(size as i64))
    }),
];

fn constants(p: &mut Process, class: Value, word: i64) -> NativeResult<()> {
    for (name, n) in [
        ("SALT_SIZE", word * 2),
        ("PERSON_SIZE", word * 2),
        ("MAX_KEY_SIZE", word * 8),
        ("MAX_DIGEST_SIZE", word * 8),
    ] {
        let n = p.new_int(n);
        p.set_class_constant(class, name, n)?;
    }
    Ok(())
}

macro_rules! blakes {
    ($($constant:ident $name:literal $number:literal $variant:ident $word:literal;)*) => {
        $(static $constant: TypeDef = TypeDef {
            name: $name,
            module: "_blake2",
            base: Some(TypeRef::Core(core::OBJECT)),
            layout: Layout::Payload($number),
            flags: 0,
            members: &[MEMBERS, &[Native::static_method("__new__", |p, args| start(p, args, Variant::$variant))]],
            doc: "",
            finish: Some(|p, class| constants(p, class, $word)),
        };)*
        /// `_blake2`
        pub static MODULE: ModuleDef = ModuleDef {
            name: "_blake2",
            doc: "",
            functions: &[],
            types: &[$(&$constant),*],
            init: None,
        };
    };
}
blakes! {
    BLAKE2B "blake2b" 0x1341 B 8;
    BLAKE2S "blake2s" 0x1342 S 4;
}
