# /// lab
# title = "From hand to hand with wait_for"
# python = "3.13"
# cores = 2
# ///
import threading

# One value at a time: wait_for() waits until what it is told holds, however often it is woken in vain. `done` ends the consumer.
# Look at: who is notified, and who runs next. Change: use notify() without the condition's lock, and read the error.

condition = threading.Condition()
value = None
done = False


def produce():
    global value, done
    for number in range(4):
        with condition:
            condition.wait_for(lambda: value is None)
            value = number
            condition.notify()
    with condition:
        condition.wait_for(lambda: value is None)
        done = True
        condition.notify()


def consume():
    global value
    while True:
        with condition:
            condition.wait_for(lambda: value is not None or done)
            if value is None:
                break
            print("got", value)
            value = None
            condition.notify()
    print("done")


threads = [threading.Thread(target=produce, name="producer"), threading.Thread(target=consume, name="consumer")]
for t in threads:
    t.start()
for t in threads:
    t.join()
