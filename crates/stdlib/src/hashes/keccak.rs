//! `_sha3`: SHA-3 and SHAKE (FIPS 202), one sponge over the permutation Keccak-f[1600].

use super::hashable;
use heddle_vm::function::{Args, Native};
use heddle_vm::native::NativeResult;
use heddle_vm::process::{ModuleDef, Process};
use heddle_vm::types::{Layout, TypeDef, TypeRef, core};
use heddle_vm::value::Value;

const ROUNDS: usize = 24;

/// Rotations of the lanes, by x + 5 y.
const ROTATIONS: [u32; 25] = [
    0, 1, 62, 28, 27, 36, 44, 6, 55, 20, 3, 10, 43, 25, 39, 41, 45, 15, 21, 8, 18, 2, 61, 56, 14,
];

/// The constants of step ι, made by the shift register of the standard.
fn round_constants() -> [u64; ROUNDS] {
    let mut register: u8 = 1;
    std::array::from_fn(|_| {
        let mut constant = 0;
        for j in 0..7 {
            if register & 1 != 0 {
                constant |= 1 << ((1_u32 << j) - 1);
            }
            register = register << 1 ^ if register & 0x80 != 0 { 0x71 } else { 0 };
        }
        constant
    })
}

fn permute(state: &mut [u64; 25], constants: &[u64; ROUNDS]) {
    for constant in constants {
        let columns: [u64; 5] = std::array::from_fn(|x| (0..5).fold(0, |c, y| c ^ state[x + 5 * y]));
        for x in 0..5 {
            let mix = columns[(x + 4) % 5] ^ columns[(x + 1) % 5].rotate_left(1);
            for y in 0..5 {
                state[x + 5 * y] ^= mix;
            }
        }
        let mut moved = [0; 25];
        for x in 0..5 {
            for y in 0..5 {
                moved[y + 5 * ((2 * x + 3 * y) % 5)] = state[x + 5 * y].rotate_left(ROTATIONS[x + 5 * y]);
            }
        }
        for y in 0..5 {
            for x in 0..5 {
                state[x + 5 * y] = moved[x + 5 * y] ^ (!moved[(x + 1) % 5 + 5 * y] & moved[(x + 2) % 5 + 5 * y]);
            }
        }
        state[0] ^= constant;
    }
}

/// A running hash.
#[derive(Clone, Debug)]
struct Sponge {
    name: &'static str,
    /// Bytes of the digest; 0: as many as asked for.
    digest: usize,
    /// Bytes absorbed by one permutation.
    rate: usize,
    state: [u64; 25],
    /// Bytes absorbed since the last permutation.
    at: usize,
    constants: [u64; ROUNDS],
}
heddle_vm::impl_payload!(Sponge);

impl Sponge {
    fn new(name: &'static str, digest: usize, rate: usize) -> Sponge {
        Sponge {
            name,
            digest,
            rate,
            state: [0; 25],
            at: 0,
            constants: round_constants(),
        }
    }

    fn mix(&mut self, at: usize, byte: u8) {
        self.state[at / 8] ^= u64::from(byte) << (8 * (at % 8));
    }

    fn update(&mut self, data: &[u8]) {
        for &byte in data {
            self.mix(self.at, byte);
            self.at += 1;
            if self.at == self.rate {
                permute(&mut self.state, &self.constants);
                self.at = 0;
            }
        }
    }

    /// What marks the end of the data: SHAKE and SHA-3 differ in it.
    fn suffix(&self) -> u8 {
        if self.digest == 0 { 0x1F } else { 0x06 }
    }

    fn squeeze(&self, length: usize) -> Vec<u8> {
        let mut last = self.clone();
        last.mix(last.at, last.suffix());
        last.mix(last.rate - 1, 0x80);
        let mut out = Vec::with_capacity(length);
        while out.len() < length {
            permute(&mut last.state, &last.constants);
            let block = last.state.iter().flat_map(|lane| lane.to_le_bytes()).take(last.rate);
            out.extend(block.take(length - out.len()));
        }
        out
    }
}

/// Names of the classes, bytes of the digest, bytes of the rate.
fn start(p: &mut Process, args: Args<'_>, name: &'static str, digest: usize, rate: usize) -> NativeResult {
    let class = args.this();
    let [data, _, text] = p.bind(args.rest(), name, ["data", "*usedforsecurity", "*string"], 0)?;
    let mut sponge = Sponge::new(name, digest, rate);
    if let Some(data) = data.or(text) {
        let bytes = hashable(p, data)?;
        crate::c_code::hashing(p, bytes.len(), crate::c_code::SHA3)?;
        sponge.update(&bytes);
    }
    Ok(p.new_payload(class, sponge))
}

fn sponge(p: &mut Process, v: Value) -> NativeResult<Sponge> {
    match p.heap.payload::<Sponge>(v) {
        Some(sponge) => Ok(sponge.clone()),
        None => Err(p.type_error("a hash object is required")),
    }
}

fn digest(p: &mut Process, args: Args<'_>, name: &str) -> NativeResult<Vec<u8>> {
    let sponge = sponge(p, args.this())?;
    if sponge.digest > 0 {
        let [] = p.exactly(args.rest(), &format!("{}.{name}", sponge.name))?;
        return Ok(sponge.squeeze(sponge.digest));
    }
    let [length] = p.bind(args.rest(), name, ["length"], 1)?;
    let length = p.index_i64(length.unwrap_or(Value::NONE))?;
    if length < 0 {
        return Err(p.value_error("value must be positive"));
    }
    if length >= 1 << 29 {
        return Err(p.value_error("length is too large"));
    }
    if length as u64 > p.heap.room() {
        return Err(p.error(core::MEMORY_ERROR, ""));
    }
    Ok(sponge.squeeze(length as usize))
}

fn number(p: &mut Process, args: Args<'_>, what: fn(&Sponge) -> usize) -> NativeResult {
    let sponge = sponge(p, args.this())?;
    Ok(p.new_int(what(&sponge) as i64))
}

const MEMBERS: &[Native] = &[
    Native::method("update", |p, args| {
        let (this, [data]) = p.method_args(args, "update")?;
        let bytes = hashable(p, data)?;
        crate::c_code::hashing(p, bytes.len(), crate::c_code::SHA3)?;
        if let Some(sponge) = p.heap.payload_mut::<Sponge>(this) {
            sponge.update(&bytes);
        }
        Ok(Value::NONE)
    }),
    Native::method("digest", |p, args| {
        let digest = digest(p, args, "digest")?;
        Ok(p.new_bytes(&digest))
    }),
    Native::method("hexdigest", |p, args| {
        let digest = digest(p, args, "hexdigest")?;
        let text: String = digest.iter().map(|b| format!("{b:02x}")).collect();
        Ok(p.new_str(&text))
    }),
    Native::method("copy", |p, args| {
        let sponge = sponge(p, args.this())?;
        let class = p.type_of(args.this());
        Ok(p.new_payload(class, sponge))
    }),
    Native::getter("name", |p, args| {
        let sponge = sponge(p, args.this())?;
        Ok(p.new_str(sponge.name))
    }),
    Native::getter("block_size", |p, args| number(p, args, |s| s.rate)),
    Native::getter("digest_size", |p, args| number(p, args, |s| s.digest)),
    Native::getter("_rate_bits", |p, args| number(p, args, |s| s.rate * 8)),
    Native::getter("_capacity_bits", |p, args| number(p, args, |s| 1600 - s.rate * 8)),
    Native::getter("_suffix", |p, args| {
        let suffix = sponge(p, args.this())?.suffix();
        Ok(p.new_bytes(&[suffix]))
    }),
];

macro_rules! sponges {
    ($($constant:ident $name:literal $number:literal $digest:literal $rate:literal;)*) => {
        $(static $constant: TypeDef = TypeDef {
            name: $name,
            module: "_sha3",
            base: Some(TypeRef::Core(core::OBJECT)),
            layout: Layout::Payload($number),
            flags: 0,
            members: &[
                MEMBERS,
                &[Native::static_method("__new__", |p, args| start(p, args, $name, $digest, $rate))],
            ],
            doc: "",
            finish: None,
        };)*
        /// `_sha3`
        pub static MODULE: ModuleDef = ModuleDef {
            name: "_sha3",
            doc: "",
            functions: &[],
            types: &[$(&$constant),*],
            init: None,
        };
    };
}
sponges! {
    SHA3_224 "sha3_224" 0x1331 28 144;
    SHA3_256 "sha3_256" 0x1332 32 136;
    SHA3_384 "sha3_384" 0x1333 48 104;
    SHA3_512 "sha3_512" 0x1334 64 72;
    SHAKE_128 "shake_128" 0x1335 0 168;
    SHAKE_256 "shake_256" 0x1336 0 136;
}

#[cfg(test)]
mod tests {
    use super::*;

    fn hex(bytes: &[u8]) -> String {
        bytes.iter().map(|b| format!("{b:02x}")).collect()
    }

    #[test]
    fn digests_of_the_standard() {
        let mut sponge = Sponge::new("sha3_256", 32, 136);
        sponge.update(b"abc");
        assert_eq!(
            hex(&sponge.squeeze(32)),
            "3a985da74fe225b2045c172d6bd390bd855f086e3e9d525b46bfe24511431532"
        );
        let empty = Sponge::new("shake_128", 0, 168);
        assert_eq!(hex(&empty.squeeze(16)), "7f9c2ba4e88f827d616045507605853e");
    }
}
