project = "A course"
extensions = ["sphinx_heddle"]
heddle_url = "https://lab.example/heddle"
exclude_patterns = ["_build"]
html_copy_source = False
