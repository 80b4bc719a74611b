# /// lab
# title = "A semaphore as a limit"
# python = "3.13"
# cores = 4
# seed = 1
# ///
import threading
import time

# Eight visitors, three seats: the semaphore counts the free ones.
seats = threading.BoundedSemaphore(3)
inside = most = 0

def visit(number):
    global inside, most
    with seats:
        inside += 1
        most = max(most, inside)
        time.sleep(0.010 + 0.002 * number)
        inside -= 1

visitors = [threading.Thread(target=visit, args=(i,), name=f"V{i}") for i in range(8)]
for v in visitors:
    v.start()
for v in visitors:
    v.join()
print("never more than", most, "inside")
