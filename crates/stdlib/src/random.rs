//! The module `_random`: the Mersenne Twister (Matsumoto and Nishimura 1998), with the numbers of CPython for every seed.

use heddle_vm::function::{Args, Native};
use heddle_vm::impl_payload;
use heddle_vm::native::NativeResult;
use heddle_vm::object::Obj;
use heddle_vm::process::{ModuleDef, Process};
use heddle_vm::types::{Layout, TypeDef, TypeRef, core, type_flags};
use heddle_vm::value::Value;
use num_bigint::{BigInt, Sign};
use num_traits::{Signed, ToPrimitive};

/// `_random`
pub static MODULE: ModuleDef = ModuleDef {
    name: "_random",
    doc: "Module implements the Mersenne Twister random number generator.",
    functions: &[],
    types: &[&RANDOM],
    init: None,
};

static RANDOM: TypeDef = TypeDef {
    name: "Random",
    module: "_random",
    base: Some(TypeRef::Core(core::OBJECT)),
    layout: Layout::Payload(0x4D54),
    flags: type_flags::IMMUTABLE | type_flags::BASETYPE,
    members: &[MEMBERS],
    doc: "Random() -> create a random number generator with its own internal state.",
    finish: None,
};

const N: usize = 624;
const M: usize = 397;

/// State of one generator.
#[derive(Clone, Debug)]
struct Twister {
    words: Box<[u32]>,
    index: usize,
}

impl_payload!(Twister);

impl Twister {
    fn from_word(seed: u32) -> Twister {
        let mut words = vec![0u32; N].into_boxed_slice();
        let mut previous = seed;
        for (i, word) in words.iter_mut().enumerate() {
            if i > 0 {
                previous = 1_812_433_253u32
                    .wrapping_mul(previous ^ (previous >> 30))
                    .wrapping_add(i as u32);
            }
            *word = previous;
        }
        Twister { words, index: N }
    }

    fn from_words(key: &[u32]) -> Twister {
        let mut t = Twister::from_word(19_650_218);
        let (mut i, mut j) = (1, 0);
        for _ in 0..N.max(key.len()) {
            let previous = t.words[i - 1];
            let mixed = t.words[i] ^ (previous ^ (previous >> 30)).wrapping_mul(1_664_525);
            t.words[i] = mixed.wrapping_add(key[j]).wrapping_add(j as u32);
            j = (j + 1) % key.len();
            t.step(&mut i);
        }
        for _ in 0..N - 1 {
            let previous = t.words[i - 1];
            let mixed = t.words[i] ^ (previous ^ (previous >> 30)).wrapping_mul(1_566_083_941);
            t.words[i] = mixed.wrapping_sub(i as u32);
            t.step(&mut i);
        }
        t.words[0] = 0x8000_0000;
        t
    }

    fn step(&mut self, i: &mut usize) {
        *i += 1;
        if *i >= N {
            self.words[0] = self.words[N - 1];
            *i = 1;
        }
    }

    fn next(&mut self) -> u32 {
        if self.index >= N {
            for i in 0..N {
                let y = (self.words[i] & 0x8000_0000) | (self.words[(i + 1) % N] & 0x7FFF_FFFF);
                let twist = if y & 1 == 1 { 0x9908_B0DF } else { 0 };
                self.words[i] = self.words[(i + M) % N] ^ (y >> 1) ^ twist;
            }
            self.index = 0;
        }
        let mut y = self.words[self.index];
        self.index += 1;
        y ^= y >> 11;
        y ^= (y << 7) & 0x9D2C_5680;
        y ^= (y << 15) & 0xEFC6_0000;
        y ^ (y >> 18)
    }

    fn random(&mut self) -> f64 {
        let (a, b) = (self.next() >> 5, self.next() >> 6);
        (f64::from(a) * 67_108_864.0 + f64::from(b)) / 9_007_199_254_740_992.0
    }
}

const MEMBERS: &[Native] = &[
    Native::static_method("__new__", |vm, args| {
        let class = args.this();
        if vm.as_type(class).is_none() {
            return Err(vm.type_error("Random.__new__(X): X is not a type object"));
        }
        let twister = seeded_by_entropy(vm);
        Ok(vm.new_of_class(class, Obj::Payload(Box::new(twister))))
    }),
    Native::method("__init__", |vm, args| {
        vm.between(args.rest(), "Random", 0, 1)?;
        seed(vm, args.this(), args.get(1))
    }),
    Native::method("seed", |vm, args| {
        vm.between(args.rest(), "seed", 0, 1)?;
        seed(vm, args.this(), args.get(1))
    })
    .sig("($self, n=None, /)"),
    Native::method("random", |vm, args| {
        let (this, []) = vm.method_args(args, "Random.random")?;
        let x = twister(vm, this)?.random();
        Ok(vm.new_float(x))
    })
    .sig("($self, /)"),
    Native::method("getrandbits", getrandbits).sig("($self, k, /)"),
    Native::method("getstate", |vm, args| {
        let t = twister(vm, args.this())?.clone();
        let mut items: Vec<Value> = t.words.iter().map(|w| vm.new_int(i64::from(*w))).collect();
        items.push(Value::from_i32(t.index as i32));
        Ok(vm.new_tuple(items))
    })
    .sig("($self, /)"),
    Native::method("setstate", setstate).sig("($self, state, /)"),
];

fn twister(vm: &mut Process, this: Value) -> NativeResult<&mut Twister> {
    if vm.heap.payload::<Twister>(this).is_none() {
        return Err(vm.wrong_self("random", "_random.Random", this));
    }
    match vm.heap.payload_mut::<Twister>(this) {
        Some(t) => Ok(t),
        None => unreachable!("looked at above"),
    }
}

/// The next 64 bits of the process's own stream (splitmix64).
fn entropy(vm: &mut Process) -> u64 {
    vm.entropy = vm.entropy.wrapping_add(0x9E37_79B9_7F4A_7C15);
    let mut z = vm.entropy;
    z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
    z ^ (z >> 31)
}

fn seeded_by_entropy(vm: &mut Process) -> Twister {
    let key: Vec<u32> = (0..4).map(|_| entropy(vm) as u32).collect();
    Twister::from_words(&key)
}

fn seed(vm: &mut Process, this: Value, arg: Option<Value>) -> NativeResult {
    let fresh = match arg {
        None | Some(Value::NONE) => seeded_by_entropy(vm),
        Some(v) => {
            let n = if vm.is_int(v) {
                vm.as_bigint(v).unwrap_or_default().abs()
            } else {
                BigInt::from(vm.hash(v)? as u64)
            };
            let mut key = n.magnitude().to_u32_digits();
            if key.is_empty() {
                key.push(0);
            }
            Twister::from_words(&key)
        }
    };
    *twister(vm, this)? = fresh;
    Ok(Value::NONE)
}

fn getrandbits(vm: &mut Process, args: Args<'_>) -> NativeResult {
    let (this, [k]) = vm.method_args(args, "Random.getrandbits")?;
    let k = vm.index_big(k)?;
    if k.is_negative() {
        return Err(vm.value_error("Cannot convert negative int"));
    }
    let Some(k) = k.to_u64() else {
        return Err(vm.overflow_error("Python int too large to convert to C int"));
    };
    vm.check_size(k / 8)?;
    let t = twister(vm, this)?;
    if k == 0 {
        return Ok(Value::from_i32(0));
    }
    if k <= 32 {
        let bits = t.next() >> (32 - k);
        return Ok(vm.new_int(i64::from(bits)));
    }
    let mut words = Vec::with_capacity(k as usize / 32 + 1);
    let mut left = k;
    while left > 0 {
        let word = t.next();
        words.push(if left < 32 { word >> (32 - left) } else { word });
        left = left.saturating_sub(32);
    }
    Ok(vm.new_big(BigInt::new(Sign::Plus, words)))
}

fn setstate(vm: &mut Process, args: Args<'_>) -> NativeResult {
    let (this, [state]) = vm.method_args(args, "Random.setstate")?;
    let Some(items) = vm.as_tuple(state).map(<[Value]>::to_vec) else {
        return Err(vm.type_error("state vector must be a tuple"));
    };
    if items.len() != N + 1 {
        return Err(vm.value_error("state vector is the wrong size"));
    }
    let mut words = Vec::with_capacity(N);
    for &item in &items[..N] {
        let n = vm.index_big(item)?;
        match n.to_u32() {
            Some(word) => words.push(word),
            None => return Err(vm.overflow_error("Python int too large to convert to C unsigned long")),
        }
    }
    let index = vm.index_i64(items[N])?;
    let Some(index) = usize::try_from(index).ok().filter(|i| *i <= N) else {
        return Err(vm.value_error("invalid state"));
    };
    *twister(vm, this)? = Twister {
        words: words.into_boxed_slice(),
        index,
    };
    Ok(Value::NONE)
}
