//! The pace of the chosen version and computer: the image charges what a current laptop with CPython 3.13 needs, and time outside goes on
//! by that times `Rules::pace` / 1024.

use crate::process::Process;

impl Process {
    /// Virtual time of the running thread, ns: what clocks show and events are stamped with.
    #[inline]
    #[must_use]
    pub fn clock_ns(&self) -> u64 {
        self.clock_at(self.now_ns)
    }

    /// The same of any moment of its slice, in the measure of [`Process::now_ns`].
    #[inline]
    pub(crate) fn clock_at(&self, now_ns: u64) -> u64 {
        match self.config.rules.pace {
            1024 => now_ns,
            pace => {
                let ran = u128::from(now_ns.saturating_sub(self.slice_start_ns));
                let paced = u64::try_from((ran * u128::from(pace)) >> 10).unwrap_or(u64::MAX);
                self.slice_start_ns.saturating_add(paced)
            }
        }
    }

    /// Where [`Process::now_ns`] stands when the clock shows `clock_ns` or a little more.
    pub(crate) fn when(&self, clock_ns: u64) -> u64 {
        match self.config.rules.pace {
            1024 => clock_ns,
            pace => {
                let left = u128::from(clock_ns.saturating_sub(self.slice_start_ns)) << 10;
                let own = u64::try_from(left.div_ceil(u128::from(pace.max(1)))).unwrap_or(u64::MAX);
                self.slice_start_ns.saturating_add(own)
            }
        }
    }

    /// Nothing that another core did later than this can have been seen: the clock goes on to it. With a GIL it is there already.
    pub fn catch_up(&mut self, clock_ns: u64) {
        if !self.config.rules.gil && self.clock_ns() < clock_ns {
            self.now_ns = self.when(clock_ns);
        }
    }
}
