/** A program of one language for the test of all of them. */
export interface LanguageProgram {
  readonly languageId: string;
  readonly file: string;
  /** What its command needs in the session. */
  readonly tool: string;
  /** Fails where the tool is a name alone: rustup leaves one without a compiler behind it. */
  readonly proof?: string;
  /** Prints “안녕 ✓”, then “oops” to its errors, reads a line, prints it between “<” and “>”, and exits with code 3. */
  readonly code: string;
  /** One that its compiler refuses; absent where there is no build. */
  readonly broken?: string;
}

const c = `#include <stdio.h>
#include <string.h>
int main(void) {
  char line[99] = "";
  puts("안녕 ✓");
  fflush(stdout);
  fprintf(stderr, "oops\\n");
  if (fgets(line, sizeof line, stdin)) line[strcspn(line, "\\n")] = 0;
  printf("<%s>\\n", line);
  return 3;
}
`;

const cpp = `#include <iostream>
#include <string>
int main() {
  std::string line;
  std::cout << "안녕 ✓" << std::endl;
  std::cerr << "oops" << std::endl;
  std::getline(std::cin, line);
  std::cout << "<" << line << ">" << std::endl;
  return 3;
}
`;

const rust = `use std::io::stdin;
fn main() {
    println!("안녕 ✓");
    eprintln!("oops");
    let mut line = String::new();
    stdin().read_line(&mut line).unwrap();
    println!("<{}>", line.trim_end());
    std::process::exit(3);
}
`;

const go = `package main

import (
	"bufio"
	"fmt"
	"os"
	"strings"
)

func main() {
	fmt.Println("안녕 ✓")
	fmt.Fprintln(os.Stderr, "oops")
	line, _ := bufio.NewReader(os.Stdin).ReadString('\\n')
	fmt.Printf("<%s>\\n", strings.TrimRight(line, "\\r\\n"))
	os.Exit(3)
}
`;

const java = `import java.util.Scanner;

public class Hello {
  public static void main(String[] args) {
    System.out.println("안녕 ✓");
    System.err.println("oops");
    Scanner in = new Scanner(System.in);
    System.out.println("<" + (in.hasNextLine() ? in.nextLine() : "") + ">");
    System.exit(3);
  }
}
`;

const javascript = `const readline = require("node:readline");
console.log("안녕 ✓");
console.error("oops");
const lines = readline.createInterface({ input: process.stdin });
const leave = (line) => {
  console.log("<" + line + ">");
  process.exit(3);
};
lines.once("line", leave);
lines.once("close", () => leave(""));
`;

const php = `<?php
echo "안녕 ✓\\n";
fwrite(STDERR, "oops\\n");
echo "<" . rtrim((string) fgets(STDIN)) . ">\\n";
exit(3);
`;

/** One for each language that can be run. */
export const languagePrograms: readonly LanguageProgram[] = [
  {
    languageId: "python",
    file: "hello.py",
    tool: "python3",
    code: "import sys\nprint('안녕 ✓')\nprint('oops', file=sys.stderr)\nprint('<' + input() + '>')\nsys.exit(3)\n",
  },
  { languageId: "javascript", file: "hello.js", tool: "node", code: javascript },
  { languageId: "c", file: "hello.c", tool: "gcc", code: c, broken: "int main(void) { return nothing; }\n" },
  {
    languageId: "cpp",
    file: "hello.cpp",
    tool: "g++",
    code: cpp,
    broken: "int main() { return nothing; }\n",
  },
  {
    languageId: "rust",
    file: "hello.rs",
    tool: "rustc",
    proof: "rustc --version",
    code: rust,
    broken: "fn main() { nothing }\n",
  },
  {
    languageId: "go",
    file: "hello.go",
    tool: "go",
    code: go,
    broken: "package main\n\nfunc main() { nothing }\n",
  },
  { languageId: "java", file: "Hello.java", tool: "java", code: java },
  {
    languageId: "shellscript",
    file: "hello.sh",
    tool: "bash",
    code: `echo '안녕 ✓'; echo oops >&2; read -r line; echo "<$line>"; exit 3\n`,
  },
  {
    languageId: "r",
    file: "hello.R",
    tool: "Rscript",
    code: `cat("안녕 ✓\\n")\nmessage("oops")\nline <- readLines(file("stdin"), 1)\ncat("<", line, ">\\n", sep = "")\nquit(status = 3)\n`,
  },
  {
    languageId: "julia",
    file: "hello.jl",
    tool: "julia",
    code: `println("안녕 ✓")\nprintln(stderr, "oops")\nprintln("<", readline(), ">")\nexit(3)\n`,
  },
  {
    languageId: "lua",
    file: "hello.lua",
    tool: "lua",
    code: `print("안녕 ✓")\nio.stderr:write("oops\\n")\nprint("<" .. (io.read() or "") .. ">")\nos.exit(3)\n`,
  },
  { languageId: "php", file: "hello.php", tool: "php", code: php },
  {
    languageId: "perl",
    file: "hello.pl",
    tool: "perl",
    code: `$| = 1; print "안녕 ✓\\n"; print STDERR "oops\\n"; my $line = <STDIN> // ""; chomp $line; print "<$line>\\n"; exit 3;\n`,
  },
];
