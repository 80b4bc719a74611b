# Logging of multiprocessing itself and from several processes through one queue.
import logging
import logging.handlers
import multiprocessing as mp
import sys
from multiprocessing import util


class Rows(logging.Handler):
    def __init__(self):
        super().__init__()
        self.rows = []

    def emit(self, record):
        self.rows.append((record.levelname, record.processName, record.getMessage().partition(' at 0x')[0]))


def work(queue, n):
    root = logging.getLogger()
    root.handlers = [logging.handlers.QueueHandler(queue)]
    root.setLevel(logging.INFO)
    logging.getLogger('worker').info('task %d begins', n)
    try:
        1 / n
    except ZeroDivisionError:
        logging.exception('task %d fails', n)
    logging.debug('never told')


if __name__ == '__main__':
    mp.set_start_method('fork')
    queue, rows = mp.Queue(), Rows()
    listener = logging.handlers.QueueListener(queue, rows)
    listener.start()
    for n in (1, 0):
        child = mp.Process(target=work, args=(queue, n), name=f'worker {n}')
        child.start()
        child.join()
    listener.stop()
    for row in rows.rows:
        print(row[0], row[1], row[2].splitlines()[0], row[2].splitlines()[-1])
    logger = mp.get_logger()
    logger.setLevel(util.INFO)
    logger.handlers = [own := Rows()]
    child = mp.Process(target=print, args=('in the child',), kwargs={'flush': True}, name='told')
    child.start()
    child.join()
    util.info('from the main program')
    print(own.rows, logger.name, logger.level == util.INFO)
    mp.log_to_stderr(logging.ERROR)
    print([type(handler).__name__ for handler in logger.handlers], logger.propagate)
