//! The network between computers: who is in it, and how long things are on their way.
//!
//! Every computer has a link with a latency and a bandwidth to all others. Between two, the latency is the longer one of theirs, and both links
//! carry what is sent, first come first served, at the smaller bandwidth of theirs. What says little (the answer to a connection, the end of
//! one) takes no room, but never overtakes what was sent before. Not modelled: losses, congestion, slow start.

use std::collections::BTreeMap;
use std::rc::Rc;

/// A computer's link to the network.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub struct Link {
    /// One way, ns.
    pub latency_ns: u64,
    /// Bytes per second each way; `None` carries everything at once.
    pub bandwidth: Option<u64>,
}

/// A computer as the others see it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Neighbour {
    /// Its name.
    pub name: String,
    /// Its address.
    pub address: [u8; 4],
}

/// All computers of a network, in order.
pub(crate) type Neighbours = Rc<Vec<Neighbour>>;

/// The links, and what they carry.
#[derive(Clone, Debug, Default)]
pub(crate) struct Wire {
    links: Vec<Link>,
    /// When each link is free upwards and downwards, ns.
    up_ns: Vec<u64>,
    down_ns: Vec<u64>,
    /// When the last thing arrives, by sender and receiver, ns.
    last_ns: BTreeMap<(usize, usize), u64>,
}

impl Wire {
    pub fn new(links: Vec<Link>) -> Wire {
        Wire {
            up_ns: vec![0; links.len()],
            down_ns: vec![0; links.len()],
            last_ns: BTreeMap::new(),
            links,
        }
    }

    /// Nothing is on its way for less than this, ns.
    pub fn least_ns(&self) -> u64 {
        // The longer latency of two is least between those with the shortest two.
        let mut all: Vec<u64> = self.links.iter().map(|link| link.latency_ns).collect();
        all.sort_unstable();
        all.get(1).copied().unwrap_or(u64::MAX).max(1)
    }

    /// Sends so many bytes; when they arrive, ns.
    pub fn carry(&mut self, now_ns: u64, from: usize, to: usize, bytes: usize) -> u64 {
        let link = |at: usize| self.links.get(at).copied().unwrap_or_default();
        let (here, there) = (link(from), link(to));
        let narrow = match (here.bandwidth, there.bandwidth) {
            (Some(a), Some(b)) => Some(a.min(b)),
            (a, b) => a.or(b),
        };
        let mut sent_ns = now_ns;
        if let Some(bandwidth) = narrow.filter(|_| bytes > 0) {
            for (lane, link) in [(self.up_ns.get(from), here), (self.down_ns.get(to), there)] {
                if let Some(&free_ns) = lane.filter(|_| link.bandwidth.is_some()) {
                    sent_ns = sent_ns.max(free_ns);
                }
            }
            let takes_ns = u128::from(bytes as u64) * 1_000_000_000 / u128::from(bandwidth.max(1));
            sent_ns = sent_ns.saturating_add(u64::try_from(takes_ns).unwrap_or(u64::MAX));
            for free_ns in [self.up_ns.get_mut(from), self.down_ns.get_mut(to)]
                .into_iter()
                .flatten()
            {
                *free_ns = sent_ns;
            }
        }
        let last_ns = self.last_ns.entry((from, to)).or_insert(0);
        *last_ns = sent_ns
            .saturating_add(here.latency_ns.max(there.latency_ns))
            .max(*last_ns);
        *last_ns
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn link(latency_ns: u64, bandwidth: Option<u64>) -> Link {
        Link { latency_ns, bandwidth }
    }

    #[test]
    fn a_way_takes_the_longer_latency_and_the_smaller_bandwidth() {
        let mut wire = Wire::new(vec![
            link(0, None),
            link(1_000, Some(1_000_000_000)),
            link(5_000, Some(500_000_000)),
        ]);
        assert_eq!(wire.least_ns(), 1_000);
        assert_eq!(wire.carry(100, 0, 1, 0), 1_100);
        assert_eq!(wire.carry(100, 0, 1, 1_000), 2_100);
        assert_eq!(wire.carry(100, 1, 2, 1_000), 7_100);
    }

    #[test]
    fn who_sends_more_waits_and_nothing_overtakes() {
        let mut wire = Wire::new(vec![link(0, None), link(1_000, Some(1_000_000_000))]);
        assert_eq!(wire.carry(0, 0, 1, 5_000), 6_000);
        assert_eq!(wire.carry(0, 0, 1, 5_000), 11_000);
        assert_eq!(wire.carry(1, 0, 1, 0), 11_000);
        assert_eq!(wire.carry(1, 1, 0, 0), 1_001);
    }
}
