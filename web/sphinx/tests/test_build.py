"""Builds a document with the real Sphinx and looks at what comes out."""

import os
import re
import subprocess
import sys
import tempfile
import unittest
from html import unescape
from pathlib import Path

HERE = Path(__file__).parent
PLAIN = {"conf.py": 'extensions = ["sphinx_heddle"]\nheddle_url = "https://lab.example/"\n'}


def build(builder="html", source=HERE / "course", files=None, **overrides):
    """Builds a document; gives the folder of what came out, what was said on stderr, and whether Sphinx was content."""
    folder = Path(tempfile.mkdtemp())
    if files:
        source = folder / "source"
        source.mkdir()
        for name, text in (PLAIN | files).items():
            (source / name).write_text(text)
    settings = [f"--define={name}={value}" for name, value in overrides.items()]
    command = [sys.executable, "-m", "sphinx", "--quiet", "--no-color", "--builder", builder, *settings, str(source), str(folder / "out")]
    environment = os.environ | {"PYTHONPATH": str(HERE.parent), "LC_ALL": "C.UTF-8"}
    done = subprocess.run(command, env=environment, capture_output=True, text=True)
    return folder / "out", done.stderr, done.returncode == 0


class Build(unittest.TestCase):
    maxDiff = None

    def test_html(self):
        out, warnings, _ = build()
        self.assertEqual(warnings, "")
        page = (out / "index.html").read_text()
        first, second = re.findall(r"<heddle-lab.*?</heddle-lab>", page, re.S)
        head = unescape(first[: first.index("<template")])
        for part in ['title="Two "threads" & more"', 'python="3.13t"', 'cores="2"', 'view="code"', " readonly", 'id="two-threads"', "wide"]:
            self.assertIn(part, head)
        self.assertIn('<template slot="setup">import threading\n</template>', first)
        # The program is there as text, highlighted, for readers without scripts and for the lab itself.
        text = unescape(re.sub(r"<[^>]+>", "", re.search(r"<pre>.*?</pre>", first, re.S)[0]))
        self.assertEqual(
            text,
            'def work(n):\n    for i in range(n): print(f"<{i}>")\n\nthreading.Thread(target=work, args=(2,), name="T1").start()\n',
        )
        self.assertIn('<span class="k">def</span>', first)
        self.assertIn('lines="3-"', second)
        self.assertIn('load="eager"', second)
        self.assertIn("perf_counter", second)
        self.assertIn('href="#two-threads"', page)
        self.assertIn('src="https://lab.example/heddle/embed.js"', page)
        self.assertNotIn("embed.js", (out / "plain.html").read_text())

    def test_other_builders_show_the_program(self):
        for builder, file in (("text", "index.txt"), ("latex", "acourse.tex"), ("pseudoxml", "index.pseudoxml")):
            with self.subTest(builder):
                out, warnings, _ = build(builder)
                self.assertEqual(warnings, "")
                text = (out / file).read_text()
                self.assertIn("perf", text)
                self.assertNotIn("embed.js", text)

    def test_a_built_heddle_is_copied(self):
        with tempfile.TemporaryDirectory() as dist:
            Path(dist, "embed.js").write_text("// the script\n")
            Path(dist, "embed.html").write_text("the frame\n")
            out, warnings, _ = build(heddle_url="", heddle_dist=dist)
            self.assertEqual(warnings, "")
            self.assertTrue((out / "_static/heddle/embed.html").is_file())
            self.assertRegex((out / "index.html").read_text(), r'src="_static/heddle/embed\.js[?"]')

    def test_wrong_settings_stop_the_build(self):
        for overrides in ({"heddle_url": ""}, {"heddle_dist": "."}, {"heddle_url": "", "heddle_dist": "nowhere"}):
            with self.subTest(overrides):
                _, told, content = build(**overrides)
                self.assertFalse(content)
                self.assertIn("sphinx_heddle: ", told)

    def test_mistakes_are_told_at_their_place(self):
        mistakes = [
            (".. heddle::\n", "heddle needs a program"),
            (".. heddle:: a.py\n\n   print(1)\n", "just one of them"),
            (".. heddle:: nowhere.py\n", "nowhere.py cannot be read"),
            (".. heddle::\n   :view: everything\n\n   print(1)\n", "everything"),
            (".. heddle::\n   :cores: many\n\n   print(1)\n", "many"),
            (".. heddle::\n   :colour: red\n\n   print(1)\n", "colour"),
            (".. heddle::\n   :src: file.py\n", "is a link of Heddle"),
        ]
        names = [f"page{at}" for at in range(len(mistakes))]
        files = {f"{name}.rst": f"Title\n=====\n\n{mistake}" for name, (mistake, _) in zip(names, mistakes)}
        files["index.rst"] = "Title\n=====\n\n.. toctree::\n\n   " + "\n   ".join(names) + "\n"
        _, warnings, _ = build(files=files)
        for name, (_, told) in zip(names, mistakes):
            with self.subTest(told):
                self.assertRegex(warnings, rf"{name}\.rst:4: ERROR: [^\n]*(\n[^/]*)?{re.escape(told)}")


if __name__ == "__main__":
    unittest.main()
