# Two threads take strict turns with two events, then with two semaphores, then with a condition.
import threading

log = []
ping_turn, pong_turn = threading.Event(), threading.Event()


def player(name, mine, other):
    for n in range(3):
        mine.wait()
        mine.clear()
        log.append(f"{name}{n}")
        other.set()


threads = [threading.Thread(target=player, args=("ping", ping_turn, pong_turn)), threading.Thread(target=player, args=("pong", pong_turn, ping_turn))]
for t in threads:
    t.start()
ping_turn.set()
for t in threads:
    t.join()
print(log)
log.clear()
a, b = threading.Semaphore(1), threading.Semaphore(0)


def turn(name, mine, other):
    for n in range(3):
        mine.acquire()
        log.append(f"{name}{n}")
        other.release()


threads = [threading.Thread(target=turn, args=args) for args in (("a", a, b), ("b", b, a))]
for t in threads:
    t.start()
for t in threads:
    t.join()
print(log)
log.clear()
condition = threading.Condition()
current = 0


def ring(number, size):
    global current
    for _ in range(2):
        with condition:
            condition.wait_for(lambda: current % size == number)
            log.append(number)
            current += 1
            condition.notify_all()


threads = [threading.Thread(target=ring, args=(n, 4)) for n in range(4)]
for t in reversed(threads):
    t.start()
for t in threads:
    t.join()
print(log)
