//! What is copied to put a scenario elsewhere: a link, a frame, a script's element, Markdown, a directive of Sphinx.

use heddle_scenario::{Embedding, Moment, Shown, Theme, format_duration};

/// The kinds there are.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub enum Kind {
    #[default]
    Link,
    Iframe,
    Script,
    Markdown,
    Sphinx,
    File,
}

impl Kind {
    /// All of them.
    pub const ALL: [Kind; 6] = [
        Kind::Link,
        Kind::Iframe,
        Kind::Script,
        Kind::Markdown,
        Kind::Sphinx,
        Kind::File,
    ];

    /// As people call it.
    pub fn name(self) -> &'static str {
        match self {
            Kind::Link => "Link",
            Kind::Iframe => "iframe",
            Kind::Script => "Script",
            Kind::Markdown => "Markdown",
            Kind::Sphinx => "Sphinx",
            Kind::File => "File",
        }
    }

    /// Whether what it makes is a lab inside another page, which can look in several ways.
    pub fn is_embedded(self) -> bool {
        matches!(self, Kind::Iframe | Kind::Script | Kind::Sphinx)
    }

    /// What it is for.
    pub fn words(self) -> &'static str {
        match self {
            Kind::Link => {
                "Everything is in the link itself: nothing is uploaded. Whoever opens it gets this program on this machine and, after running it, the same timeline."
            }
            Kind::Iframe => "For any page that may have frames. It needs no script, and is as high as you say.",
            Kind::Script => {
                "For pages that may have scripts. The lab follows the page's theme, is as high as it needs to be, and loads when the reader comes near; without scripts the program stays."
            }
            Kind::Markdown => "A link for README files, forums and chats.",
            Kind::Sphinx => "For documents made by Sphinx, with the extension sphinx_heddle.",
            Kind::File => {
                "Any Python runs it; Heddle opens it by dropping it onto the page, with the machine that stands in its first lines. Several files are a .zip."
            }
        }
    }
}

/// How it looks inside another page.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Look {
    pub shown: Shown,
    /// Whether readers only watch: it runs by itself and cannot be edited.
    pub watch: bool,
    pub at: Option<u64>,
    pub theme: Theme,
    /// In px; `None` as high as it needs to be, where that can be known.
    pub height: Option<u32>,
}

impl Default for Look {
    fn default() -> Self {
        Look {
            shown: Shown::Both,
            watch: false,
            at: None,
            theme: Theme::Auto,
            height: None,
        }
    }
}

/// As high as a frame is that cannot say how high it needs to be, px.
pub const USUAL_HEIGHT: u32 = 460;

/// What is shared.
pub struct Shared<'a> {
    /// The program.
    pub source: &'a str,
    /// Whether there are files beside it.
    pub several: bool,
    pub title: &'a str,
    /// The lab's address, and the folder in which it is, with `/`.
    pub page: &'a str,
    pub base: &'a str,
    /// The fragment of its link.
    pub link: &'a str,
    pub look: Look,
}

impl Shared<'_> {
    /// The text to copy.
    pub fn snippet(&self, kind: Kind) -> String {
        match kind {
            Kind::Link => self.address(),
            Kind::Iframe => self.iframe(),
            Kind::Script => self.script(),
            Kind::Markdown => format!("[{}]({})", in_brackets(self.title), self.address()),
            Kind::Sphinx => self.sphinx(),
            Kind::File => self.source.to_owned(),
        }
    }

    /// What a file of the scenario is called, without its ending: the title's letters and digits.
    pub fn file_stem(&self) -> String {
        let words = self.title.split(|c: char| !c.is_alphanumeric());
        let words: Vec<_> = words.filter(|word| !word.is_empty()).map(str::to_lowercase).collect();
        let stem: String = words.join("_").chars().take(60).collect();
        if stem.is_empty() { "main".to_owned() } else { stem }
    }

    fn address(&self) -> String {
        format!("{}#{}", self.page, self.link)
    }

    fn iframe(&self) -> String {
        let embedding = Embedding {
            link: Some(self.link.to_owned()),
            shown: self.look.shown,
            readonly: self.look.watch,
            autorun: self.look.watch,
            at: self.look.at.map(Moment::At),
            theme: self.look.theme,
            ..Embedding::default()
        };
        format!(
            "<iframe src=\"{}embed.html#{}\"\n  title=\"{}\" width=\"720\" height=\"{}\"\n  style=\"border:0;width:100%;max-width:720px\" loading=\"lazy\"></iframe>",
            self.base,
            in_html(&embedding.fragment()),
            in_html(self.title),
            self.look.height.unwrap_or(USUAL_HEIGHT)
        )
    }

    /// What differs from the usual look: names and values, empty for what is on.
    fn options(&self) -> Vec<(&'static str, String)> {
        let look = self.look;
        let mut all = vec![("title", self.title.to_owned())];
        if look.shown != Shown::default() {
            all.push(("view", look.shown.name().to_owned()));
        }
        if look.watch {
            all.extend([("readonly", String::new()), ("autorun", String::new())]);
        }
        all.extend(look.at.map(|ns| ("at", format_duration(ns))));
        if look.theme != Theme::default() {
            all.push(("theme", look.theme.name().to_owned()));
        }
        all.extend(look.height.map(|height| ("height", height.to_string())));
        if self.several {
            all.push(("src", format!("#{}", self.link)));
        }
        all
    }

    fn script(&self) -> String {
        let attributes: String = self
            .options()
            .into_iter()
            .map(|(name, value)| match value.as_str() {
                "" => format!(" {name}"),
                value => format!(" {name}=\"{}\"", in_html(value)),
            })
            .collect();
        let program = if self.several {
            String::new()
        } else {
            format!(
                "<pre><code class=\"language-python\">{}</code></pre>",
                in_html(self.source)
            )
        };
        format!(
            "<script src=\"{}embed.js\"></script>\n<heddle-lab{attributes}>{program}</heddle-lab>",
            self.base
        )
    }

    fn sphinx(&self) -> String {
        let mut text = ".. heddle::\n".to_owned();
        for (name, value) in self.options() {
            text.push_str(format!("   :{name}: {value}").trim_end());
            text.push('\n');
        }
        if !self.several {
            for line in std::iter::once("").chain(self.source.trim_end().lines()) {
                text.push_str(if line.is_empty() { "" } else { "   " });
                text.push_str(line);
                text.push('\n');
            }
        }
        text
    }
}

/// Text in an element or an attribute in double quotes.
fn in_html(text: &str) -> String {
    text.replace('&', "&amp;")
        .replace('<', "&lt;")
        .replace('>', "&gt;")
        .replace('"', "&quot;")
}

/// Text of a link in Markdown.
fn in_brackets(text: &str) -> String {
    text.replace('\\', "\\\\").replace('[', "\\[").replace(']', "\\]")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shared(look: Look) -> Shared<'static> {
        Shared {
            source: "if 1 < 2 and \"&\":\n    print(1)\n\nprint(2)\n",
            several: false,
            title: "A [small] \"one\"",
            page: "https://lab.example/",
            base: "https://lab.example/",
            link: "h1.AbC",
            look,
        }
    }

    #[test]
    fn the_frame_carries_the_look() {
        let look = Look {
            shown: Shown::Timeline,
            watch: true,
            at: Some(23_412_000),
            theme: Theme::Dark,
            height: Some(300),
        };
        let text = shared(look).snippet(Kind::Iframe);
        let (_, rest) = text.split_once("embed.html#").expect("an address");
        let fragment = rest.split('"').next().expect("its end").replace("&amp;", "&");
        let (embedding, problems) = Embedding::parse(&fragment);
        assert_eq!(problems, Vec::<String>::new());
        assert_eq!(embedding.link.as_deref(), Some("h1.AbC"));
        assert_eq!(
            (embedding.shown, embedding.readonly, embedding.autorun, embedding.theme),
            (Shown::Timeline, true, true, Theme::Dark)
        );
        assert_eq!(embedding.at, Some(Moment::At(23_412_000)));
        assert!(text.contains("height=\"300\"") && text.contains("title=\"A [small] &quot;one&quot;\""));
    }

    #[test]
    fn the_program_is_quoted_as_each_language_needs() {
        let plain = shared(Look::default());
        assert_eq!(
            plain.snippet(Kind::Markdown),
            "[A \\[small\\] \"one\"](https://lab.example/#h1.AbC)"
        );
        assert_eq!(
            plain.snippet(Kind::Script),
            "<script src=\"https://lab.example/embed.js\"></script>\n<heddle-lab title=\"A [small] &quot;one&quot;\"><pre><code class=\"language-python\">if 1 &lt; 2 and &quot;&amp;&quot;:\n    print(1)\n\nprint(2)\n</code></pre></heddle-lab>"
        );
        assert_eq!(
            plain.snippet(Kind::Sphinx),
            ".. heddle::\n   :title: A [small] \"one\"\n\n   if 1 < 2 and \"&\":\n       print(1)\n\n   print(2)\n"
        );
        assert_eq!(plain.file_stem(), "a_small_one");
        let several = Shared { several: true, ..plain };
        assert!(
            several
                .snippet(Kind::Script)
                .ends_with(" src=\"#h1.AbC\"></heddle-lab>")
        );
        assert!(several.snippet(Kind::Sphinx).ends_with("   :src: #h1.AbC\n"));
    }
}
