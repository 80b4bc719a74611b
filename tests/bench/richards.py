# An operating system in small, after Martin Richards' benchmark: tasks of five kinds pass packets through queues, a
# scheduler walks over them by priority. Virtual calls, attributes, linked lists.
IDLE, WORKER, HANDLER_A, HANDLER_B, DEVICE_A, DEVICE_B = range(6)
TO_DEVICE, TO_WORKER = range(2)
WORDS = 4


class Packet:
    def __init__(self, link, owner, kind):
        self.link = link
        self.owner = owner
        self.kind = kind
        self.datum = 0
        self.data = [0] * WORDS

    def appended_to(self, queue):
        """The queue with this packet at its end."""
        self.link = None
        if queue is None:
            return self
        last = queue
        while last.link is not None:
            last = last.link
        last.link = self
        return queue


class Task:
    def __init__(self, system, ident, priority, queue):
        self.system = system
        self.ident = ident
        self.priority = priority
        self.queue = queue
        self.held = False
        self.waiting = queue is None
        system.add(self)

    def is_ready(self):
        return not self.held and (not self.waiting or self.queue is not None)

    def take(self):
        packet = self.queue
        if packet is not None:
            self.queue = packet.link
        self.waiting = False
        return packet

    def receive(self, packet, sender):
        was_empty = self.queue is None
        self.queue = packet.appended_to(self.queue)
        if was_empty and self.priority > sender.priority:
            return self
        return sender

    def wait(self):
        self.waiting = True
        return self

    def step(self, packet):
        raise NotImplementedError


class Idle(Task):
    def __init__(self, system, count):
        super().__init__(system, IDLE, 0, None)
        self.waiting = False
        self.bits = 1
        self.count = count

    def step(self, packet):
        self.count -= 1
        if self.count == 0:
            return self.system.hold(self)
        if self.bits & 1:
            self.bits = (self.bits >> 1) ^ 0xD008
            return self.system.release(DEVICE_B, self)
        self.bits >>= 1
        return self.system.release(DEVICE_A, self)


class Worker(Task):
    def __init__(self, system, queue):
        super().__init__(system, WORKER, 1000, queue)
        self.target = HANDLER_A
        self.letter = 0

    def step(self, packet):
        if packet is None:
            return self.wait()
        self.target = HANDLER_B if self.target == HANDLER_A else HANDLER_A
        packet.owner = self.target
        packet.datum = 0
        for i in range(WORDS):
            self.letter = self.letter % 26 + 1
            packet.data[i] = 64 + self.letter
        return self.system.send(packet, self)


class Handler(Task):
    def __init__(self, system, ident, priority, queue):
        super().__init__(system, ident, priority, queue)
        self.work = None
        self.devices = None

    def step(self, packet):
        if packet is not None:
            if packet.kind == TO_WORKER:
                self.work = packet.appended_to(self.work)
            else:
                self.devices = packet.appended_to(self.devices)
        work = self.work
        if work is None:
            return self.wait()
        if work.datum >= WORDS:
            self.work = work.link
            work.owner = WORKER
            return self.system.send(work, self)
        device = self.devices
        if device is None:
            return self.wait()
        self.devices = device.link
        device.datum = work.data[work.datum]
        device.owner = DEVICE_A if self.ident == HANDLER_A else DEVICE_B
        work.datum += 1
        return self.system.send(device, self)


class Device(Task):
    def __init__(self, system, ident, priority, reply_to):
        super().__init__(system, ident, priority, None)
        self.reply_to = reply_to
        self.pending = None

    def step(self, packet):
        if packet is None:
            done = self.pending
            if done is None:
                return self.wait()
            self.pending = None
            done.owner = self.reply_to
            return self.system.send(done, self)
        self.pending = packet
        return self.system.hold(self)


class System:
    def __init__(self):
        self.by_priority = []
        self.tasks = {}
        self.sent = 0
        self.holds = 0

    def add(self, task):
        self.tasks[task.ident] = task
        self.by_priority.append(task)
        self.by_priority.sort(key=lambda task: -task.priority)

    def hold(self, task):
        self.holds += 1
        task.held = True
        return self.next_below(task)

    def release(self, ident, current):
        task = self.tasks[ident]
        task.held = False
        return task if task.priority > current.priority else current

    def send(self, packet, sender):
        self.sent += 1
        return self.tasks[packet.owner].receive(packet, sender)

    def next_below(self, task):
        return None

    def run(self):
        current = None
        while True:
            if current is None or not current.is_ready():
                for current in self.by_priority:
                    if current.is_ready():
                        break
                else:
                    return
            current = current.step(current.take())


def packets(count, owner, kind):
    queue = None
    for _ in range(count):
        queue = Packet(queue, owner, kind)
    return queue


def run(count):
    system = System()
    Idle(system, count)
    Worker(system, packets(2, WORKER, TO_WORKER))
    Handler(system, HANDLER_A, 2000, packets(3, DEVICE_A, TO_DEVICE))
    Handler(system, HANDLER_B, 3000, packets(3, DEVICE_B, TO_DEVICE))
    Device(system, DEVICE_A, 4000, HANDLER_A)
    Device(system, DEVICE_B, 5000, HANDLER_B)
    system.run()
    return system.sent, system.holds


print(run(50_000))
