//! The modules `_md5`, `_sha1`, `_sha2`, `_sha3` and `_blake2`: hash objects that hold everything they were given as a running state.

mod blake2;
mod keccak;
mod md5;
mod sha;

pub use blake2::MODULE as BLAKE2;
pub use keccak::MODULE as SHA3;

use heddle_vm::function::{Args, Native};
use heddle_vm::impl_payload;
use heddle_vm::native::NativeResult;
use heddle_vm::process::{ModuleDef, Process};
use heddle_vm::types::{Layout, TypeDef, TypeRef, core, type_flags};
use heddle_vm::value::Value;

/// `_md5`
pub static MD5: ModuleDef = ModuleDef {
    name: "_md5",
    doc: "",
    functions: &[Native::function("md5", |vm, args| start(vm, args, Algorithm::Md5))],
    types: &[&MD5_TYPE],
    init: None,
};

/// `_sha1`
pub static SHA1: ModuleDef = ModuleDef {
    name: "_sha1",
    doc: "",
    functions: &[Native::function("sha1", |vm, args| start(vm, args, Algorithm::Sha1))],
    types: &[&SHA1_TYPE],
    init: None,
};

/// `_sha2`
pub static SHA2: ModuleDef = ModuleDef {
    name: "_sha2",
    doc: "",
    functions: &[
        Native::function("sha224", |vm, args| start(vm, args, Algorithm::Sha224)),
        Native::function("sha256", |vm, args| start(vm, args, Algorithm::Sha256)),
        Native::function("sha384", |vm, args| start(vm, args, Algorithm::Sha384)),
        Native::function("sha512", |vm, args| start(vm, args, Algorithm::Sha512)),
    ],
    types: &[&SHA224_TYPE, &SHA256_TYPE, &SHA384_TYPE, &SHA512_TYPE],
    init: None,
};

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Algorithm {
    Md5,
    Sha1,
    Sha224,
    Sha256,
    Sha384,
    Sha512,
}

impl Algorithm {
    fn name(self) -> &'static str {
        match self {
            Algorithm::Md5 => "md5",
            Algorithm::Sha1 => "sha1",
            Algorithm::Sha224 => "sha224",
            Algorithm::Sha256 => "sha256",
            Algorithm::Sha384 => "sha384",
            Algorithm::Sha512 => "sha512",
        }
    }

    fn class(self) -> &'static TypeDef {
        match self {
            Algorithm::Md5 => &MD5_TYPE,
            Algorithm::Sha1 => &SHA1_TYPE,
            Algorithm::Sha224 => &SHA224_TYPE,
            Algorithm::Sha256 => &SHA256_TYPE,
            Algorithm::Sha384 => &SHA384_TYPE,
            Algorithm::Sha512 => &SHA512_TYPE,
        }
    }

    /// What a byte takes; see [`crate::c_code`].
    fn rate(self) -> u64 {
        match self {
            Algorithm::Md5 => crate::c_code::MD5,
            Algorithm::Sha1 => crate::c_code::SHA1,
            Algorithm::Sha224 | Algorithm::Sha256 => crate::c_code::SHA256,
            Algorithm::Sha384 | Algorithm::Sha512 => crate::c_code::SHA512,
        }
    }

    /// Bytes of a block.
    fn block(self) -> usize {
        match self {
            Algorithm::Sha384 | Algorithm::Sha512 => 128,
            _ => 64,
        }
    }

    /// Bytes of the digest.
    fn digest(self) -> usize {
        match self {
            Algorithm::Md5 => 16,
            Algorithm::Sha1 => 20,
            Algorithm::Sha224 => 28,
            Algorithm::Sha256 => 32,
            Algorithm::Sha384 => 48,
            Algorithm::Sha512 => 64,
        }
    }

    /// The state before the first block. Words of 32 bits use the lower halves.
    fn initial(self) -> [u64; 8] {
        match self {
            Algorithm::Md5 | Algorithm::Sha1 => {
                [0x6745_2301, 0xEFCD_AB89, 0x98BA_DCFE, 0x1032_5476, 0xC3D2_E1F0, 0, 0, 0]
            }
            Algorithm::Sha224 => sha::SHA224,
            Algorithm::Sha256 => sha::SHA256,
            Algorithm::Sha384 => sha::SHA384,
            Algorithm::Sha512 => sha::SHA512,
        }
    }

    fn compress(self, state: &mut [u64; 8], block: &[u8]) {
        match self {
            Algorithm::Md5 => md5::compress(state, block),
            Algorithm::Sha1 => sha::compress_sha1(state, block),
            Algorithm::Sha224 | Algorithm::Sha256 => sha::compress_32(state, block),
            Algorithm::Sha384 | Algorithm::Sha512 => sha::compress_64(state, block),
        }
    }
}

/// A running hash.
#[derive(Clone, Debug)]
struct Hash {
    algorithm: Algorithm,
    state: [u64; 8],
    /// What does not fill a block yet.
    rest: Vec<u8>,
    /// Bytes in all.
    length: u64,
}

impl_payload!(Hash);

impl Hash {
    fn new(algorithm: Algorithm) -> Hash {
        Hash {
            algorithm,
            state: algorithm.initial(),
            rest: Vec::new(),
            length: 0,
        }
    }

    fn update(&mut self, data: &[u8]) {
        self.length += data.len() as u64;
        self.rest.extend_from_slice(data);
        let rest = std::mem::take(&mut self.rest);
        let mut blocks = rest.chunks_exact(self.algorithm.block());
        for block in &mut blocks {
            self.algorithm.compress(&mut self.state, block);
        }
        self.rest = blocks.remainder().to_vec();
    }

    fn digest(&self) -> Vec<u8> {
        let mut last = self.clone();
        let block = self.algorithm.block();
        let length_bytes = block / 8;
        let bits = u128::from(self.length) * 8;
        let mut tail = vec![0x80];
        while !(last.rest.len() + tail.len() + length_bytes).is_multiple_of(block) {
            tail.push(0);
        }
        match (self.algorithm, length_bytes) {
            (Algorithm::Md5, _) => tail.extend((bits as u64).to_le_bytes()),
            (_, 8) => tail.extend((bits as u64).to_be_bytes()),
            _ => tail.extend(bits.to_be_bytes()),
        }
        last.update(&tail);
        let mut out = Vec::with_capacity(64);
        for word in last.state {
            match self.algorithm {
                Algorithm::Md5 => out.extend((word as u32).to_le_bytes()),
                Algorithm::Sha384 | Algorithm::Sha512 => out.extend(word.to_be_bytes()),
                _ => out.extend((word as u32).to_be_bytes()),
            }
        }
        out.truncate(self.algorithm.digest());
        out
    }
}

/// The constructor: `sha256(string=b'', *, usedforsecurity=True)`.
fn start(vm: &mut Process, args: Args<'_>, algorithm: Algorithm) -> NativeResult {
    let [data, _, text] = vm.bind(args, algorithm.name(), ["data", "*usedforsecurity", "*string"], 0)?;
    let mut hash = Hash::new(algorithm);
    if let Some(data) = data.or(text) {
        let bytes = hashable(vm, data)?;
        crate::c_code::hashing(vm, bytes.len(), algorithm.rate())?;
        hash.update(&bytes);
    }
    let class = vm.native_type(algorithm.class());
    Ok(vm.new_payload(class, hash))
}

fn hashable(vm: &mut Process, v: Value) -> NativeResult<Vec<u8>> {
    if vm.as_pystr(v).is_some() {
        return Err(vm.type_error("Strings must be encoded before hashing"));
    }
    if !vm.is_bytes_like(v) {
        return Err(vm.type_error("object supporting the buffer API required"));
    }
    vm.buffer_bytes(v)
}

fn this_hash(vm: &mut Process, args: Args<'_>) -> NativeResult<Hash> {
    match vm.heap.payload::<Hash>(args.this()) {
        Some(hash) => Ok(hash.clone()),
        None => Err(vm.type_error("a hash object is required")),
    }
}

const MEMBERS: &[Native] = &[
    Native::method("update", |vm, args| {
        let (this, [data]) = vm.method_args(args, "update")?;
        let bytes = hashable(vm, data)?;
        let rate = this_hash(vm, args)?.algorithm.rate();
        crate::c_code::hashing(vm, bytes.len(), rate)?;
        if let Some(hash) = vm.heap.payload_mut::<Hash>(this) {
            hash.update(&bytes);
        }
        Ok(Value::NONE)
    })
    .sig("($self, obj, /)"),
    Native::method("digest", |vm, args| {
        let digest = this_hash(vm, args)?.digest();
        Ok(vm.new_bytes(&digest))
    })
    .sig("($self, /)"),
    Native::method("hexdigest", |vm, args| {
        let digest = this_hash(vm, args)?.digest();
        let text: String = digest.iter().map(|b| format!("{b:02x}")).collect();
        Ok(vm.new_str(&text))
    })
    .sig("($self, /)"),
    Native::method("copy", |vm, args| {
        let hash = this_hash(vm, args)?;
        let class = vm.type_of(args.this());
        Ok(vm.new_payload(class, hash))
    })
    .sig("($self, /)"),
    Native::getter("name", |vm, args| {
        let hash = this_hash(vm, args)?;
        Ok(vm.new_str(hash.algorithm.name()))
    }),
    Native::getter("block_size", |vm, args| {
        let hash = this_hash(vm, args)?;
        Ok(vm.new_int(hash.algorithm.block() as i64))
    }),
    Native::getter("digest_size", |vm, args| {
        let hash = this_hash(vm, args)?;
        Ok(vm.new_int(hash.algorithm.digest() as i64))
    }),
];

macro_rules! hash_type {
    ($constant:ident, $name:literal, $module:literal) => {
        static $constant: TypeDef = TypeDef {
            name: $name,
            module: $module,
            base: Some(TypeRef::Core(core::OBJECT)),
            layout: Layout::Closed,
            flags: type_flags::IMMUTABLE,
            members: &[MEMBERS],
            doc: "",
            finish: None,
        };
    };
}

hash_type!(MD5_TYPE, "MD5Type", "_md5");
hash_type!(SHA1_TYPE, "SHA1Type", "_sha1");
hash_type!(SHA224_TYPE, "SHA224Type", "_sha2");
hash_type!(SHA256_TYPE, "SHA256Type", "_sha2");
hash_type!(SHA384_TYPE, "SHA384Type", "_sha2");
hash_type!(SHA512_TYPE, "SHA512Type", "_sha2");

#[cfg(test)]
mod tests {
    use super::*;

    fn hex(algorithm: Algorithm, data: &[u8]) -> String {
        let mut hash = Hash::new(algorithm);
        // In pieces, as callers give it.
        for piece in data.chunks(7) {
            hash.update(piece);
        }
        hash.digest().iter().map(|b| format!("{b:02x}")).collect()
    }

    #[test]
    fn digests_of_the_standards() {
        assert_eq!(hex(Algorithm::Md5, b"abc"), "900150983cd24fb0d6963f7d28e17f72");
        assert_eq!(hex(Algorithm::Sha1, b"abc"), "a9993e364706816aba3e25717850c26c9cd0d89d");
        assert_eq!(
            hex(Algorithm::Sha256, b"abc"),
            "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
        );
        assert_eq!(
            hex(Algorithm::Sha224, b"abc"),
            "23097d223405d8228642a477bda255b32aadbce4bda0b3f7e36c9da7"
        );
        assert_eq!(
            hex(Algorithm::Sha512, b"abc"),
            "ddaf35a193617abacc417349ae20413112e6fa4e89a97ea20a9eeee64b55d39a2192992a274fc1a836ba3c23a3feebbd454d4423643ce80e2a9ac94fa54ca49f"
        );
        assert_eq!(
            hex(Algorithm::Sha384, b"abc"),
            "cb00753f45a35e8bb5a03d699ac65007272c32ab0eded1631a8b605a43ff5bed8086072ba1e7cc2358baeca134c825a7"
        );
        assert_eq!(
            hex(Algorithm::Sha256, &[b'a'; 200]),
            "c2a908d98f5df987ade41b5fce213067efbcc21ef2240212a41e54b5e7c28ae5"
        );
    }
}
