//! The queues between interpreters (`_interpqueues`): items without a heap, in order.

use super::parcel::Parcel;
use super::request::{InterpreterId, QueueRequest, Refusal};
use std::collections::{BTreeMap, VecDeque};

/// An item of which this becomes when its interpreter ends is simply gone.
const REMOVE: i64 = 1;

#[derive(Clone, Debug)]
struct Item {
    /// `None`: its interpreter has ended.
    data: Option<Parcel>,
    from: InterpreterId,
    unbound: i64,
    bytes: u64,
}

#[derive(Clone, Debug)]
struct Queue {
    items: VecDeque<Item>,
    max_size: i64,
    unbound: i64,
    holders: i64,
}

impl Queue {
    fn is_full(&self) -> bool {
        self.max_size > 0 && self.items.len() as i64 >= self.max_size
    }
}

/// All of them.
#[derive(Clone, Debug, Default)]
pub struct Queues {
    queues: BTreeMap<i64, Queue>,
    last: i64,
    /// Of all items.
    bytes: u64,
}

/// What a queue counts for against the limit of memory, beside its items.
const QUEUE_BYTES: u64 = 256;

impl Queues {
    /// Carries out a request that comes from this interpreter.
    pub fn answer(&mut self, from: InterpreterId, request: QueueRequest) -> Result<Parcel, Refusal> {
        use QueueRequest as R;
        match request {
            R::Create { max_size, unbound } => {
                self.last += 1;
                let queue = Queue {
                    items: VecDeque::new(),
                    max_size,
                    unbound,
                    holders: 0,
                };
                self.queues.insert(self.last, queue);
                Ok(Parcel::Int(self.last))
            }
            R::Destroy { id } => self.remove(id).map(|()| Parcel::None),
            R::List => {
                let each = |(&id, queue): (&i64, &Queue)| {
                    Parcel::Tuple([id, queue.unbound, queue.max_size].map(Parcel::Int).to_vec())
                };
                // As CPython: the newest first.
                Ok(Parcel::Tuple(self.queues.iter().rev().map(each).collect()))
            }
            R::Bind { id } => {
                self.queue(id)?.holders += 1;
                Ok(Parcel::None)
            }
            R::Release { id } => {
                let queue = self.queue(id)?;
                queue.holders -= 1;
                if queue.holders <= 0 {
                    self.remove(id)?;
                }
                Ok(Parcel::None)
            }
            R::Put { id, item, unbound } => {
                let queue = self.queue(id)?;
                if queue.is_full() {
                    return Err(Refusal::Full(id));
                }
                let unbound = if unbound < 0 { queue.unbound } else { unbound };
                let bytes = item.bytes();
                queue.items.push_back(Item {
                    data: Some(item),
                    from,
                    unbound,
                    bytes,
                });
                self.bytes = self.bytes.saturating_add(bytes);
                Ok(Parcel::None)
            }
            R::Get { id } => {
                let item = self.queue(id)?.items.pop_front().ok_or(Refusal::Empty(id))?;
                self.bytes = self.bytes.saturating_sub(item.bytes);
                Ok(Parcel::Tuple(match item.data {
                    Some(data) => vec![data, Parcel::None],
                    None => vec![Parcel::None, Parcel::Int(item.unbound)],
                }))
            }
            R::Count { id } => Ok(Parcel::Int(self.queue(id)?.items.len() as i64)),
            R::MaxSize { id } => Ok(Parcel::Int(self.queue(id)?.max_size)),
            R::IsFull { id } => Ok(Parcel::Bool(self.queue(id)?.is_full())),
            R::Defaults { id } => Ok(Parcel::Int(self.queue(id)?.unbound)),
        }
    }

    fn queue(&mut self, id: i64) -> Result<&mut Queue, Refusal> {
        self.queues.get_mut(&id).ok_or(Refusal::NoQueue(id))
    }

    fn remove(&mut self, id: i64) -> Result<(), Refusal> {
        let queue = self.queues.remove(&id).ok_or(Refusal::NoQueue(id))?;
        let bytes: u64 = queue.items.iter().map(|item| item.bytes).sum();
        self.bytes = self.bytes.saturating_sub(bytes);
        Ok(())
    }

    /// Bytes that all of them take, by the model.
    pub fn bytes(&self) -> u64 {
        self.bytes.saturating_add(QUEUE_BYTES * self.queues.len() as u64)
    }

    /// An interpreter has ended: its items lose what they were.
    pub fn forget(&mut self, interpreter: InterpreterId) {
        for queue in self.queues.values_mut() {
            queue
                .items
                .retain(|item| item.from != interpreter || item.unbound != REMOVE);
            for item in &mut queue.items {
                if item.from == interpreter {
                    item.data = None;
                    item.bytes = 0;
                }
            }
        }
        let items = self.queues.values().flat_map(|queue| &queue.items);
        self.bytes = items.map(|item| item.bytes).sum();
    }
}
