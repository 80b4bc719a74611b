//! MD5 (RFC 1321).

const SHIFTS: [[u32; 4]; 4] = [[7, 12, 17, 22], [5, 9, 14, 20], [4, 11, 16, 23], [6, 10, 15, 21]];

/// Mixes a block of 64 bytes into the first four words of the state.
pub fn compress(state: &mut [u64; 8], block: &[u8]) {
    let words: Vec<u32> = block
        .chunks_exact(4)
        .map(|c| c.iter().rev().fold(0, |word, b| word << 8 | u32::from(*b)))
        .collect();
    let (mut a, mut b, mut c, mut d) = (state[0] as u32, state[1] as u32, state[2] as u32, state[3] as u32);
    for i in 0..64 {
        let (f, g) = match i / 16 {
            0 => ((b & c) | (!b & d), i),
            1 => ((d & b) | (!d & c), (5 * i + 1) % 16),
            2 => (b ^ c ^ d, (3 * i + 5) % 16),
            _ => (c ^ (b | !d), (7 * i) % 16),
        };
        // The table of the standard: the sine's fraction in units of 2^-32.
        let k = (libm::sin((i + 1) as f64).abs() * 4_294_967_296.0) as u32;
        let turned = a
            .wrapping_add(f)
            .wrapping_add(k)
            .wrapping_add(words[g])
            .rotate_left(SHIFTS[i / 16][i % 4]);
        (a, d, c, b) = (d, c, b, b.wrapping_add(turned));
    }
    for (word, add) in state.iter_mut().zip([a, b, c, d]) {
        *word = u64::from((*word as u32).wrapping_add(add));
    }
}
