//! A site as the hub has it: to be looked at by everybody, and to be changed by orders alone, which go to the other side too.

use super::{Hosted, Order, Report};
use crate::record::Tape;
use crate::site::{Grant, Report as Stopped, Site};
use heddle_trace::{EventId, OS_PIDS};
use heddle_vm::contract::{Image, Resume, ThreadIndex};
use std::ops::Deref;

/// What is on its way to each host: whom it is for, and what.
#[derive(Clone, Debug, Default)]
pub(crate) struct Sent {
    hosts: Vec<Vec<(u32, Order)>>,
}

impl Sent {
    /// Puts an order behind those for this host.
    pub fn push(&mut self, host: usize, pid: u32, order: Order) {
        if self.hosts.len() <= host {
            self.hosts.resize_with(host + 1, Vec::new);
        }
        self.hosts[host].push((pid, order));
    }

    /// What a host has not got yet.
    pub fn take(&mut self, host: usize) -> Vec<(u32, Order)> {
        self.hosts.get_mut(host).map(std::mem::take).unwrap_or_default()
    }
}

/// See the module.
#[derive(Clone)]
pub(crate) struct Front<I> {
    site: Site<Hosted<I>>,
    /// The host of the image, unless that is the hub's own.
    pub host: Option<usize>,
    /// It has a grant there and has not reported.
    pub is_awaited: bool,
}

impl<I> Deref for Front<I> {
    type Target = Site<Hosted<I>>;

    fn deref(&self) -> &Site<Hosted<I>> {
        &self.site
    }
}

impl<I: Image> Front<I> {
    pub fn new(site: Site<Hosted<I>>) -> Front<I> {
        Front {
            site,
            host: None,
            is_awaited: false,
        }
    }

    /// The site itself, for who knows that the process does not live apart, and for what concerns the trace alone.
    pub fn near(&mut self) -> &mut Site<Hosted<I>> {
        &mut self.site
    }

    /// The site itself.
    pub fn into_site(self) -> Site<Hosted<I>> {
        self.site
    }

    /// Does something to the site, on both sides.
    pub fn order(&mut self, order: Order, tape: &mut Tape, sent: &mut Sent) {
        if let Some(host) = self.host {
            sent.push(host, self.site.pid, order.clone());
        }
        self.site.obey(order, tape);
    }

    /// It is not before this moment any more, ns.
    pub fn time(&mut self, now: u64, sent: &mut Sent) {
        if now <= self.site.now {
            return;
        }
        if let Some(host) = self.host {
            sent.push(host, self.site.pid, Order::Time(now));
        }
        self.site.now = now;
    }

    /// A forked child, at the same place, made by what this event tells of.
    pub fn fork(
        &mut self,
        thread: ThreadIndex,
        pid: u32,
        forked: EventId,
        tape: &mut Tape,
        sent: &mut Sent,
    ) -> Front<I> {
        if let Some(host) = self.host {
            sent.push(host, self.site.pid, Order::Fork(thread, pid));
        }
        Front {
            site: self.site.fork_child(thread, pid, forked, tape),
            host: self.host,
            is_awaited: false,
        }
    }

    /// The process is about to run up to this moment, ns.
    pub fn grant(&mut self, until_ns: u64, sent: &mut Sent) {
        if let Some(host) = self.host {
            sent.push(host, self.site.pid, Order::Grant(until_ns));
            self.is_awaited = true;
        }
    }

    /// Runs within the grant that it has got.
    pub fn advance(&mut self, grant: Grant, tape: &mut Tape) -> Stopped {
        self.site.advance(grant, tape)
    }

    /// What the other side has told.
    pub fn reported(&mut self, report: Report) {
        self.is_awaited = false;
        self.site
            .image
            .hear(report.told, report.memory, report.objects, report.user_ns);
    }

    /// Its image lives at this host from now on.
    pub fn leave(&mut self, host: usize) {
        let threads = self.site.threads.len();
        self.site.image.leave(threads);
        self.host = Some(host);
    }
}

impl<I: Image> Site<Hosted<I>> {
    /// A forked child of a thread, with the image as it is.
    pub fn fork_child(&mut self, thread: ThreadIndex, pid: u32, forked: EventId, tape: &mut Tape) -> Site<Hosted<I>> {
        let mut child = self.fork(thread, pid, forked, tape);
        child.image.forked(thread, OS_PIDS + pid, OS_PIDS + self.pid);
        child.image.resume(0, Resume::Int(0));
        child
    }

    /// Carries out an order. Grants and forks have ways of their own, since they have results.
    pub fn obey(&mut self, order: Order, tape: &mut Tape) {
        match order {
            Order::Time(now) => self.now = self.now.max(now),
            Order::OthersUse(bytes) => self.image.others_use(bytes),
            Order::Reply(thread, reply) => self.reply(thread, reply, tape),
            Order::Wake(thread, answer, cause) => self.wake_from_kernel(thread, answer, cause, tape),
            Order::Signal(signal, thread) => self.send_signal(signal, thread, tape),
            Order::Interrupt(at_ns) => self.interrupt(at_ns),
            Order::GetCore(core, free_since_ns) => self.get_core(core, free_since_ns),
            Order::LoseCore(core) => self.lose_core(core, tape),
            Order::Level(least) => self.level(least),
            Order::Exec(thread, exec) => self.exec(thread, *exec, tape),
            Order::Adopted(pid) => self.image.adopted(pid),
            Order::Turned => self.turned = None,
            Order::ChildHad((user, all)) => {
                self.children_ns = (self.children_ns.0 + user, self.children_ns.1 + all);
            }
            Order::ExpiredKnown => self.expired.clear(),
            Order::End => {
                self.mine = 0;
                // What its image has to tell is told before it goes.
                self.flush_all(tape);
                self.image.end();
            }
            Order::Grant(_) | Order::Fork(..) | Order::Portray => {}
        }
    }
}
