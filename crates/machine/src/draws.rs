//! The seeded randomness of one site.
//!
//! Every draw is a pure function of (seed, pid, index): no draw of one process can shift those of another, and a
//! replayed run with the same seed meets the same latencies. The mixing function is SplitMix64's finaliser
//! (Steele, Lea, Flood 2014).

/// A stream of draws.
#[derive(Clone, Debug)]
pub struct Draws {
    key: u64,
    index: u64,
}

impl Draws {
    /// The stream of process `pid` under `seed`.
    #[must_use]
    pub fn new(seed: u64, pid: u32) -> Draws {
        Draws {
            key: mix(seed.wrapping_add(mix(u64::from(pid).wrapping_add(0x9E37_79B9_7F4A_7C15)))),
            index: 0,
        }
    }

    /// The stream of a process that was forked.
    #[must_use]
    pub fn fork(&self, pid: u32) -> Draws {
        Draws {
            key: mix(self.key ^ mix(u64::from(pid).wrapping_add(0x5851_F42D_4C95_7F2D))),
            index: 0,
        }
    }

    /// The next 64 bits.
    pub fn next(&mut self) -> u64 {
        self.index = self.index.wrapping_add(1);
        mix(self.key ^ self.index.wrapping_mul(0x9E37_79B9_7F4A_7C15))
    }

    /// A number below `bound` (0 when `bound` is 0).
    pub fn below(&mut self, bound: u64) -> u64 {
        // The high half of a 128-bit product: no division, and a bias too small to matter for bounds like these.
        ((u128::from(self.next()) * u128::from(bound)) >> 64) as u64
    }

    /// `mean` give or take up to `percent` of it.
    pub fn around(&mut self, mean: u64, percent: u64) -> u64 {
        let reach = mean.saturating_mul(percent) / 100;
        (mean - reach.min(mean)).saturating_add(self.below(reach.saturating_mul(2).saturating_add(1)))
    }
}

/// SplitMix64's finaliser.
#[must_use]
pub fn mix(mut x: u64) -> u64 {
    x = (x ^ (x >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    x = (x ^ (x >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
    x ^ (x >> 31)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn draws_stay_in_range_and_repeat() {
        let (mut a, mut b) = (Draws::new(7, 1), Draws::new(7, 1));
        let mut other = Draws::new(8, 1);
        let mut differ = false;
        for _ in 0..1000 {
            let x = a.around(1000, 20);
            assert!((800..=1200).contains(&x));
            assert_eq!(x, b.around(1000, 20));
            differ |= x != other.around(1000, 20);
        }
        assert!(differ);
        assert_eq!(a.below(0), 0);
    }
}
