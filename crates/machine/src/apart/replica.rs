//! The other side: the sites of those processes that live at one host.

use super::{Front, Hosted, Order, Report};
use crate::deadlock;
use crate::record::Tape;
use crate::site::{Grant, Site};
use heddle_trace::EventId;
use heddle_vm::contract::Image;
use std::collections::BTreeMap;

/// See the module.
pub struct Replica<I> {
    sites: BTreeMap<u32, Site<Hosted<I>>>,
    /// The trace is written at the hub.
    tape: Tape,
}

impl<I: Image> Replica<I> {
    pub(crate) fn new(front: Front<I>) -> Replica<I> {
        let mut site = front.into_site();
        site.image = site.image.log();
        Replica {
            sites: BTreeMap::from([(site.pid, site)]),
            tape: Tape::silent(),
        }
    }

    /// Carries out what the hub wants: what it wants to hear of it. Orders for a process that is not here are dropped.
    pub fn obey(&mut self, orders: Vec<(u32, Order)>) -> Vec<Report> {
        let mut reports = Vec::new();
        for (pid, order) in orders {
            let Some(site) = self.sites.get_mut(&pid) else { continue };
            let portrait = match order {
                Order::Grant(until_ns) => {
                    site.advance(
                        Grant {
                            until_ns,
                            work: u64::MAX,
                        },
                        &mut self.tape,
                    );
                    None
                }
                Order::Portray => {
                    let portrait = deadlock::report(site, None, "").threads;
                    site.image.take_log();
                    Some(portrait)
                }
                Order::Fork(thread, child) => {
                    let child = site.fork_child(thread, child, EventId::default(), &mut self.tape);
                    self.sites.insert(child.pid, child);
                    continue;
                }
                Order::End => {
                    self.sites.remove(&pid);
                    continue;
                }
                order => {
                    site.obey(order, &mut self.tape);
                    continue;
                }
            };
            reports.push(Report {
                pid,
                told: site.image.take_log(),
                memory: site.image.memory().0,
                objects: site.image.objects(),
                user_ns: site.image.user_ns(),
                portrait,
            });
        }
        reports
    }
}
