# The zone of the process by `TZ` and `tzset`: rules in the form of POSIX, their changes, and what the clock's functions make of them.
import os
import time
from datetime import datetime, timedelta, timezone


def show(zone, *moments):
    os.environ['TZ'] = zone
    time.tzset()
    print(zone, time.tzname, time.timezone, time.altzone, time.daylight)
    for moment in moments:
        local = time.localtime(moment)
        print('  ', time.strftime('%Y-%m-%d %H:%M:%S %Z %z', local), local.tm_isdst, local.tm_gmtoff, int(time.mktime(local)) == moment)


winter, summer = 1_768_478_400, 1_784_116_800
show('UTC0', winter, summer)
show('EST5EDT,M3.2.0,M11.1.0', winter, summer, 1_772_953_199, 1_772_953_200, 1_793_512_799, 1_793_512_800)
show('CET-1CEST,M3.5.0,M10.5.0/3', winter, summer, 1_774_745_999, 1_774_746_000)
show('<+0330>-3:30', winter)
show('AEST-10AEDT,M10.1.0,M4.1.0/3', winter, summer)
show('XYZ3:30:15', winter)
show('ABC0DEF-2,J60,J300/4', winter, summer)
os.environ['TZ'] = 'EST5EDT,M3.2.0,M11.1.0'
time.tzset()
print(datetime.fromtimestamp(summer), datetime.fromtimestamp(summer, timezone.utc).astimezone().utcoffset())
print(datetime(2026, 7, 1).timestamp(), datetime(2026, 1, 1, 12).astimezone().tzname())
twice = datetime(2026, 11, 1, 1, 30)
print(twice.timestamp(), twice.replace(fold=1).timestamp())
gap = datetime(2026, 3, 8, 2, 30)
print(gap.timestamp(), gap.replace(fold=1).timestamp(), gap.astimezone().isoformat())
print(time.mktime((2026, 7, 1, 12, 0, 0, 0, 0, -1)), time.mktime((2026, 7, 1, 12, 0, 0, 0, 0, 0)), time.mktime((2026, 7, 1, 12, 0, 0, 0, 0, 1)))
print(time.ctime(winter), time.asctime(time.localtime(summer)))
del os.environ['TZ']
print(timedelta(seconds=time.gmtime(winter).tm_gmtoff))
