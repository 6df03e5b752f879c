"""What is not packed into the offline app, as patterns in which `*` also matches `/`.

The lists were found by tracing what a running app loads. Only what no part of the app can ever load is left out:
`web/trial.mjs` imports every module of the app from the rest, so a mistake here stops the build.
"""

# httpx runs over the browser's fetch (app/device/browser.py), so everything below it is not needed.
FROM_PACKAGES = """
*.dist-info/* bin/* *.pyi */py.typed *.pyx *.pxd *.h *.c *.agents/* */tests/*
anyio/* certifi/* h11/* httpcore/* httpx/_main.py
flet/auth/* flet/security/* flet/testing/* flet/fastapi/* flet/messaging/flet_*server*
pydantic/v1/* pydantic/mypy.py pydantic/experimental/*
qrcode/console_scripts.py
sqlalchemy/testing/*
sqlalchemy/dialects/mssql/* sqlalchemy/dialects/mysql/* sqlalchemy/dialects/oracle/* sqlalchemy/dialects/postgresql/*
sqlalchemy/ext/asyncio/* sqlalchemy/ext/automap.py sqlalchemy/ext/baked.py sqlalchemy/ext/horizontal_shard.py
sqlalchemy/ext/instrumentation.py sqlalchemy/ext/mypy/* sqlalchemy/ext/serializer.py sqlmodel/ext/*
""".split()  # noqa: SIM905 - as words it can be read

# Tools for programmers, servers, other systems, and modules that are frozen into Python itself.
FROM_STDLIB = """
idlelib/* tkinter/* ensurepip/* pydoc_data/* turtledemo/* lib2to3/* test/* */test/* */tests/* venv/* _pyrepl/*
antigravity.py argparse.py bdb.py cProfile.py cmd.py code.py colorsys.py compileall.py configparser.py ctypes/*
_ast_unparse.py _pydatetime.py _pydecimal.py _pyio.py _aix_support.py _android_support.py _apple_support.py
_ios_support.py _osx_support.py asyncio/windows* asyncio/proactor_events.py asyncio/tools.py asyncio/__main__.py
concurrent/futures/process.py concurrent/futures/interpreter.py concurrent/interpreters/* doctest.py
email/_header_value_parser.py email/headerregistry.py email/policy.py email/contentmanager.py email/mime/*
encodings/* fileinput.py filecmp.py ftplib.py getpass.py http/server.py imaplib.py logging/config.py
logging/handlers.py mailbox.py modulefinder.py multiprocessing/* netrc.py nturl2path.py optparse.py pdb.py
pickletools.py plistlib.py poplib.py profile.py profiling/* pstats.py pty.py pyclbr.py pydoc.py py_compile.py
rlcompleter.py sched.py shelve.py smtplib.py socketserver.py sre_*.py sqlite3/__main__.py sqlite3/dump.py
symtable.py tabnanny.py tarfile.py this.py timeit.py tomllib/* trace.py tracemalloc.py tty.py turtle.py unittest/*
wave.py wsgiref/* xml/dom/* xml/sax/* xmlrpc/* zipapp.py __hello__.py __phello__/*
abc.py codecs.py io.py _collections_abc.py _sitebuiltins.py genericpath.py ntpath.py posixpath.py os.py site.py
stat.py importlib/util.py importlib/machinery.py runpy.py zipimport.py importlib/_bootstrap*.py
""".split()  # noqa: SIM905

STAYS = """
encodings/__init__.py encodings/aliases.py encodings/ascii.py encodings/cp437.py encodings/cp1252.py encodings/idna.py
encodings/latin_1.py encodings/punycode.py encodings/raw_unicode_escape.py encodings/unicode_escape.py encodings/utf_*
app/ui/guide/*.md
""".split()  # noqa: SIM905

FROM_SOURCE = ["*.po", "*.pot", "*.md", "*.pyi", "*/tests/*", "app/device/native.py"]
