# How the matcher of `re` backtracks: repeats, groups, assertions, atomic and possessive parts, conditions.
import re
print(re.findall(r'(a+)(b*)?', 'aabxab'), re.sub(r'(\w+) (\w+)', r'\2 \1', 'hello world foo bar'))
print(re.match(r'(?:(a)|b)*', 'abab').groups(), re.match(r'(?P<x>a+?)(?=b)(?!c)', 'aab').span('x'))
print(re.findall(r'\b\w+\b', 'één twee drié x_1'), re.split(r'[,;]\s*', 'a, b;c'))
print(re.fullmatch(r'a*?b*?', 'aabb'), re.search(r'(?<=abc)def', 'abcdef'), re.findall(r'(?i)straße|ä', 'STRASSE Straße Ä'))
print(re.match(r'(?>a+)b', 'aab'), re.match(r'a++a', 'aaa'), re.match(r'(?:ab)++c', 'ababc'), re.match(r'(a)?(?(1)b|c)', 'c'))
print(re.sub(r'x*', '-', 'abxd'), re.findall(r'x*?', 'axb'), [m.span() for m in re.finditer('', 'abc')])
print(re.match(r'((a{2,3}?)+)b', 'aaaaab').groups(), re.match(r'(.*)\1$', 'abcabc').group(1), re.findall('^.', 'a\nb', re.M))
print(re.sub('a', lambda m: m.group().upper(), 'banana'))
