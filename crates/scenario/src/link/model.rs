//! Packing of version 2: every bit is predicted from what stood before it in like surroundings, and what the prediction leaves open is written with an arithmetic
//! coder. After the family of PAQ (Matt Mahoney, "Adaptive Weighing of Context Models for Lossless Data Compression", 2005), written anew and made small.
//!
//! Eleven contexts each keep, for every bit, how likely it is a one; a network of one layer weighs them and learns its weights as it goes; two tables refine the
//! outcome. Both sides start from the same state: a model that has read [`super::primer`], so a short program is told in terms of Python that is known already.
//!
//! Only whole numbers, so every computer computes the same. **Frozen**: whatever changes a prediction makes links of version 2 unreadable; that is a version 3.

/// Bits of an index into the slots: 2 MiB of them.
const SLOT_BITS: u32 = 19;
/// Contexts that are looked up.
const CONTEXTS: usize = 11;
/// What each context is weighed by: how often it was seen, in classes.
const CLASSES: usize = 8;
/// Inputs of the network: the contexts, the repetition, and a constant.
const INPUTS: usize = CONTEXTS + 2;
const WEIGHTS: usize = CONTEXTS * CLASSES + 2;
/// The sets of weights: by the bits of the byte so far, by the length of the repetition, by the byte before.
const SETS: [usize; 3] = [256, 16, 256];
/// How fast weights follow.
const RATE: i32 = 14;
/// No weight grows beyond this, whatever is read.
const MOST_WEIGHT: i32 = 1 << 24;
/// Repetitions shorter than this are not looked for.
const SHORTEST: usize = 5;
/// The most that a repetition counts for.
const LONGEST: usize = 63;
/// Bits of an index into the places of repetitions.
const PLACE_BITS: u32 = 16;
/// Where a probability stops: 16 bits.
const ONE: i32 = 1 << 16;

/// ln(p/(1-p)) of a probability of 12 bits, times 256.
#[derive(Clone)]
struct Curves {
    stretch: Vec<i16>,
}

/// The inverse of stretch: a probability of 12 bits.
fn squash(x: i32) -> i32 {
    const KNOTS: [i32; 33] = [
        1, 2, 3, 6, 10, 16, 27, 45, 73, 120, 194, 310, 488, 747, 1101, 1546, 2047, 2549, 2994, 3348, 3607, 3785, 3901,
        3975, 4024, 4050, 4068, 4079, 4085, 4089, 4092, 4093, 4094,
    ];
    let x = x.clamp(-2047, 2047) + 2048;
    let (knot, part) = ((x >> 7) as usize, x & 127);
    (KNOTS[knot] * (128 - part) + KNOTS[knot + 1] * part + 64) >> 7
}

impl Curves {
    fn new() -> Curves {
        let mut stretch = vec![0i16; 4096];
        let mut next = 0usize;
        for x in -2047..=2047 {
            let p = squash(x) as usize;
            while next <= p {
                stretch[next] = x as i16;
                next += 1;
            }
        }
        for rest in &mut stretch[next..] {
            *rest = 2047;
        }
        Curves { stretch }
    }

    fn stretch(&self, p: i32) -> i32 {
        i32::from(self.stretch[p.clamp(0, 4095) as usize])
    }
}

/// A slot: probability of a one (16 bits), how often it was seen (6), whose it is (10).
#[derive(Clone, Copy)]
struct Slot(u32);

impl Slot {
    const EMPTY: Slot = Slot(1 << 31);

    fn fresh(check: u32) -> Slot {
        Slot((1 << 31) | check)
    }
    fn p(self) -> i32 {
        (self.0 >> 16) as i32
    }
    fn seen(self) -> u32 {
        (self.0 >> 10) & 63
    }
    fn check(self) -> u32 {
        self.0 & 1023
    }
    /// Follows a bit: at first as the mean of all, later as that of the latest ones.
    fn learn(&mut self, bit: i32, most: u32) {
        let (p, seen) = (self.p(), self.seen());
        let target = if bit == 1 { ONE - 1 } else { 0 };
        let p = p + (target - p) * 2 / (2 * seen as i32 + 3);
        self.0 = (p.clamp(16, ONE - 17) as u32) << 16 | (seen + 1).min(most) << 10 | self.check();
    }
}

/// A table that refines a probability in some context.
#[derive(Clone)]
struct Refined {
    knots: Vec<u16>,
    at: usize,
}

impl Refined {
    fn new(contexts: usize) -> Refined {
        let column: Vec<u16> = (0..33).map(|knot| (squash((knot - 16) * 128) * 16) as u16).collect();
        Refined {
            knots: column.repeat(contexts),
            at: 0,
        }
    }

    fn refine(&mut self, stretched: i32, context: usize) -> i32 {
        let x = (stretched.clamp(-2047, 2047) + 2048) as usize;
        let (knot, part) = (x >> 7, (x & 127) as i32);
        let low = context * 33 + knot;
        self.at = low + usize::from(part >= 64);
        (i32::from(self.knots[low]) * (128 - part) + i32::from(self.knots[low + 1]) * part) >> 11
    }

    fn learn(&mut self, bit: i32) {
        let knot = &mut self.knots[self.at];
        let target = if bit == 1 { 65_535 } else { 0 };
        *knot = (i32::from(*knot) + (target - i32::from(*knot)) / 64) as u16;
    }
}

/// Predicts bit after bit of a text.
#[derive(Clone)]
pub(super) struct Model {
    curves: Curves,
    slots: Vec<Slot>,
    /// What was read.
    text: Vec<u8>,
    /// The bits of the byte so far, with a one before them.
    partial: u32,
    /// Of each context: its hash, without the bits of the byte so far.
    hashes: [u32; CONTEXTS],
    /// Where its slot is.
    at: [usize; CONTEXTS],
    /// Which weight it has.
    weight: [usize; INPUTS],
    inputs: [i32; INPUTS],
    weights: [Vec<i32>; 3],
    chosen: [usize; 3],
    outcomes: [i32; 3],
    /// Where in the text the repetition goes on, and how long it is.
    place: usize,
    length: usize,
    places: Vec<u32>,
    /// How often a repetition of some length kept its word.
    trust: Vec<Slot>,
    trusted: usize,
    refined: [Refined; 2],
    words: Words,
    /// The probability, 12 bits, of a one.
    p: i32,
}

/// What is known of the line and of the words before.
#[derive(Clone, Default)]
struct Words {
    /// Hash of the word so far.
    word: u32,
    /// Of the ones before.
    before: [u32; 2],
    /// Columns before the first that is not a space.
    indent: u32,
    /// Of the line before.
    indent_before: u32,
    /// Whether this line has only spaces so far.
    blank: bool,
    /// The first word or sign of the line.
    first: u32,
    /// The last byte that is neither space nor part of a word.
    sign: u32,
}

fn hash(a: u32, b: u32) -> u32 {
    let mut h = a.wrapping_mul(0x9E37_79B1) ^ b.wrapping_mul(0x85EB_CA6B).rotate_left(15);
    h ^= h >> 15;
    h = h.wrapping_mul(0x2C1B_3C6D);
    h ^ (h >> 13)
}

impl Words {
    fn read(&mut self, byte: u8) {
        let is_word = byte.is_ascii_alphanumeric() || byte == b'_' || byte >= 0x80;
        if byte == b'\n' {
            self.indent_before = self.indent;
            (self.indent, self.blank, self.first) = (0, true, 0);
        } else if self.blank && byte == b' ' {
            self.indent += 1;
        } else if self.blank {
            self.blank = false;
            self.first = u32::from(byte);
        }
        if is_word {
            self.word = hash(self.word.wrapping_add(1), u32::from(byte));
        } else {
            if self.word != 0 {
                self.before = [self.word, self.before[0]];
            }
            self.word = 0;
            if byte != b' ' {
                self.sign = u32::from(byte);
            }
        }
    }
}

impl Model {
    pub fn new() -> Model {
        let start = ONE / 5;
        let mut model = Model {
            curves: Curves::new(),
            slots: vec![Slot::EMPTY; 1 << SLOT_BITS],
            text: Vec::new(),
            partial: 1,
            hashes: [0; CONTEXTS],
            at: [0; CONTEXTS],
            weight: [0; INPUTS],
            inputs: [0; INPUTS],
            weights: SETS.map(|sets| vec![start; sets * WEIGHTS]),
            chosen: [0; 3],
            outcomes: [0; 3],
            place: 0,
            length: 0,
            places: vec![0; 1 << PLACE_BITS],
            trust: vec![Slot::EMPTY; LONGEST + 1],
            trusted: 0,
            refined: [Refined::new(256), Refined::new(1 << 16)],
            words: Words {
                blank: true,
                ..Words::default()
            },
            p: 2048,
        };
        model.byte_boundary();
        model.predict();
        model
    }

    /// The probability of a one as the next bit, of 4096.
    pub fn p(&self) -> i32 {
        self.p
    }

    /// What the next bit was.
    pub fn learn(&mut self, bit: i32) {
        for at in self.at {
            self.slots[at].learn(bit, 30);
        }
        if self.length > 0 {
            let kept = i32::from(self.promised() == bit);
            self.trust[self.trusted].learn(kept, 60);
            if kept == 0 {
                self.length = 0;
            }
        }
        for (set, outcome) in self.outcomes.into_iter().enumerate() {
            let error = ((bit << 12) - outcome) * RATE;
            let weights = &mut self.weights[set][self.chosen[set]..];
            for (input, weight) in self.inputs.iter().zip(self.weight) {
                let moved = weights[weight] + ((input * error + 0x2000) >> 14);
                weights[weight] = moved.clamp(-MOST_WEIGHT, MOST_WEIGHT);
            }
        }
        for refined in &mut self.refined {
            refined.learn(bit);
        }
        self.partial = self.partial << 1 | bit as u32;
        if self.partial >= 256 {
            let byte = (self.partial & 255) as u8;
            self.partial = 1;
            self.text.push(byte);
            self.words.read(byte);
            self.repetition();
            self.byte_boundary();
        }
        self.predict();
    }

    /// The bit that the repetition says comes next.
    fn promised(&self) -> i32 {
        let byte = u32::from(self.text[self.place]) | 256;
        let shift = 7 - self.partial.ilog2();
        (byte >> shift & 1) as i32
    }

    /// Looks for the latest place where the last bytes stood before.
    fn repetition(&mut self) {
        let end = self.text.len();
        if self.length > 0 {
            self.place += 1;
            self.length = (self.length + 1).min(LONGEST);
        }
        if end < SHORTEST {
            return;
        }
        let latest = self.text[end - SHORTEST..]
            .iter()
            .fold(0, |h, byte| hash(h, u32::from(*byte)));
        let slot = (latest >> (32 - PLACE_BITS)) as usize;
        if self.length == 0 {
            let place = self.places[slot] as usize;
            let same = (0..place.min(LONGEST)).take_while(|n| self.text[place - 1 - n] == self.text[end - 1 - n]);
            let length = same.count();
            if length >= SHORTEST {
                (self.place, self.length) = (place, length);
            }
        }
        self.places[slot] = end as u32;
    }

    /// The contexts of the byte that begins.
    fn byte_boundary(&mut self) {
        let end = self.text.len();
        let back = |n: usize| end.checked_sub(n).map_or(0, |at| u32::from(self.text[at]));
        let mut orders = [0u32; 7];
        for order in 1..7 {
            orders[order] = hash(orders[order - 1].wrapping_add(order as u32), back(order));
        }
        let words = &self.words;
        let line = hash(words.indent, words.first);
        self.hashes = [
            0,
            orders[1],
            orders[2],
            orders[3],
            orders[4],
            orders[5],
            orders[6],
            hash(words.word, words.sign),
            hash(words.word, words.before[0].wrapping_add(back(1))),
            hash(hash(words.word, words.before[0]), words.before[1].wrapping_add(back(1))),
            hash(
                hash(line, words.indent_before),
                hash(words.word, u32::from(words.blank)),
            ),
        ];
        for (n, context) in self.hashes.iter_mut().enumerate() {
            *context = hash(*context, n as u32 + 101);
        }
    }

    fn predict(&mut self) {
        for n in 0..CONTEXTS {
            let key = hash(self.hashes[n], self.partial);
            let check = key & 1023;
            let first = (key >> (32 - SLOT_BITS)) as usize;
            let second = first ^ 1;
            let at = if self.slots[first].check() == check {
                first
            } else if self.slots[second].check() == check {
                second
            } else {
                let at = if self.slots[second].seen() < self.slots[first].seen() {
                    second
                } else {
                    first
                };
                self.slots[at] = Slot::fresh(check);
                at
            };
            self.at[n] = at;
            let slot = self.slots[at];
            let class = match slot.seen() {
                n @ 0..=3 => n,
                4..=6 => 4,
                7..=12 => 5,
                13..=29 => 6,
                _ => 7,
            };
            self.weight[n] = n * CLASSES + class as usize;
            self.inputs[n] = if class == 0 {
                0
            } else {
                self.curves.stretch(slot.p() >> 4)
            };
        }
        self.weight[CONTEXTS] = CONTEXTS * CLASSES;
        self.weight[CONTEXTS + 1] = CONTEXTS * CLASSES + 1;
        self.inputs[CONTEXTS + 1] = 256;
        self.inputs[CONTEXTS] = if self.length > 0 {
            self.trusted = self.length;
            let kept = self.curves.stretch(self.trust[self.trusted].p() >> 4);
            if self.promised() == 1 { kept } else { -kept }
        } else {
            0
        };
        self.mix();
    }

    /// Weighs the inputs, and refines what comes of it.
    fn mix(&mut self) {
        let before = self.text.last().copied().unwrap_or(0) as usize;
        let expected = if self.length > 0 {
            1 + (self.length.ilog2() as usize).min(6)
        } else {
            0
        };
        let sets = [self.partial as usize, expected, before];
        let mut sum = 0;
        for (set, choice) in sets.into_iter().enumerate() {
            self.chosen[set] = choice * WEIGHTS;
            let weights = &self.weights[set][self.chosen[set]..];
            let dot: i64 = self
                .inputs
                .iter()
                .zip(self.weight)
                .map(|(input, weight)| i64::from(*input) * i64::from(weights[weight]))
                .sum();
            let stretched = ((dot >> 16) as i32).clamp(-2047, 2047);
            self.outcomes[set] = squash(stretched);
            sum += stretched;
        }
        let stretched = sum / 3;
        let pair = hash(before as u32 | self.partial << 8, 7) as usize & 0xffff;
        let mixed = squash(stretched);
        let first = self.refined[0].refine(stretched, self.partial as usize);
        let second = self.refined[1].refine(stretched, pair);
        self.p = ((2 * mixed + first + second + 2) >> 2).clamp(1, 4095);
    }
}

/// Writes the bytes that the model does not know already.
pub(super) fn pack(model: &mut Model, bytes: &[u8]) -> Vec<u8> {
    let mut out = Vec::new();
    let (mut low, mut high) = (0u32, u32::MAX);
    for byte in bytes {
        for shift in (0..8).rev() {
            let bit = i32::from(byte >> shift & 1);
            let middle = split(low, high, model.p());
            if bit == 1 {
                high = middle;
            } else {
                low = middle + 1;
            }
            model.learn(bit);
            while (low ^ high) >> 24 == 0 {
                out.push((high >> 24) as u8);
                low <<= 8;
                high = high << 8 | 255;
            }
        }
    }
    // The shortest end that lies between the two; what is missing is read as zeros.
    for bytes in 0..=4u32 {
        let mask = u32::MAX.checked_shr(8 * bytes).unwrap_or(0);
        let value = low.checked_add(mask).map(|sum| sum & !mask);
        if let Some(value) = value.filter(|value| (low..=high).contains(value)) {
            out.extend_from_slice(&value.to_be_bytes()[..bytes as usize]);
            break;
        }
    }
    while out.last() == Some(&0) {
        out.pop();
    }
    out
}

/// Reads `length` bytes of what [`pack`] wrote; whatever is packed, it gives that many.
pub(super) fn unpack(model: &mut Model, packed: &[u8], length: usize) -> Vec<u8> {
    let mut rest = packed.iter();
    let mut next = move || u32::from(rest.next().copied().unwrap_or(0));
    let mut value = 0;
    for _ in 0..4 {
        value = value << 8 | next();
    }
    let (mut low, mut high) = (0u32, u32::MAX);
    let mut out = Vec::with_capacity(length);
    while out.len() < length {
        let mut byte = 0u8;
        for _ in 0..8 {
            let middle = split(low, high, model.p());
            let bit = i32::from(value <= middle);
            if bit == 1 {
                high = middle;
            } else {
                low = middle + 1;
            }
            byte = byte << 1 | bit as u8;
            model.learn(bit);
            while (low ^ high) >> 24 == 0 {
                low <<= 8;
                high = high << 8 | 255;
                value = value << 8 | next();
            }
        }
        out.push(byte);
    }
    out
}

/// Where between the two a one ends.
fn split(low: u32, high: u32, p: i32) -> u32 {
    low + ((u64::from(high - low) * p as u64) >> 12) as u32
}
