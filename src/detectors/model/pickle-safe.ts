/** Names that build plain data when a pickle is read, by module. What is not here may run code of its choice. */
const SAFE: Readonly<Record<string, RegExp>> = {
  builtins:
    /^(?:set|frozenset|dict|list|tuple|bytes|bytearray|str|int|float|complex|bool|slice|range|object|NotImplemented|Ellipsis)$/,
  collections: /^(?:OrderedDict|defaultdict|deque|Counter)$/,
  copyreg: /^_reconstructor$/,
  _codecs: /^encode$/,
  datetime: /^(?:date|datetime|time|timedelta|timezone)$/,
  decimal: /^Decimal$/,
  fractions: /^Fraction$/,
  uuid: /^(?:UUID|SafeUUID)$/,
  argparse: /^Namespace$/,
  pathlib: /^(?:Pure)?(?:Posix|Windows)?Path$/,
  "pathlib._local": /^(?:Pure)?(?:Posix|Windows)?Path$/,
  types: /^SimpleNamespace$/,
  numpy: /^(?:dtype|ndarray|(?:u?int|float|complex)\d+|bool_?|str_|object_|bytes_|datetime64|timedelta64)$/,
  torch:
    /^(?:\w{1,20}Storage|Size|Tensor|device|dtype|Generator|float\d*|double|half|bfloat16|u?int\d*|long|short|bool|complex\d+|float8_\w+|q?u?int\d+(?:x\d+)?|strided|sparse_\w+|contiguous_format|preserve_format|channels_last|per_tensor_affine|per_channel_affine)$/,
  "torch._utils":
    /^_rebuild_(?:tensor|tensor_v[23]|parameter|parameter_with_state|qtensor|sparse_tensor|device_tensor_from_\w+|meta_tensor_no_storage|nested_tensor|xla_tensor)$/,
  "torch._tensor": /^_rebuild_from_type(?:_v2)?$/,
  "torch.nn.parameter": /^(?:Unin\w*)?(?:Parameter|Buffer)$/,
  "torch.storage": /^(?:Typed|Untyped)Storage$/,
  "torch.serialization": /^_get_layout$/,
  "torch.torch_version": /^TorchVersion$/,
  "scipy.sparse": /^c[sr][rc]_matrix$/,
  "joblib.numpy_pickle": /^(?:NumpyArrayWrapper|NDArrayWrapper|ZNDArrayWrapper)$/,
  "pandas._libs.internals": /^_unpickle_block$/,
  "pandas.core.internals.blocks": /^new_block$/,
  "pandas.core.indexes.base": /^(?:_new_Index|Index)$/,
  "pandas.core.indexes.datetimes": /^(?:_new_DatetimeIndex|DatetimeIndex)$/,
  "lightgbm.basic": /^(?:Booster|Dataset)$/,
  "xgboost.core": /^(?:Booster|DMatrix)$/,
  "catboost.core": /^CatBoost(?:Classifier|Regressor|Ranker)?$/,
};

/** Modules of numerical libraries whose classes (capitalised, or Cython's own reader) hold data and no caller's code. */
const CLASSES_OF =
  /^(?:numpy\.(?:core|_core)\.(?:multiarray|numeric)|numpy\.(?:random\.\w+|ma\.core|dtypes|core\._dtype|_core\._dtype)|scipy\.sparse\.\w+|sklearn\.(?!externals|utils\._testing|datasets)[a-z_][\w.]*|pandas\.core\.(?:frame|series|indexes|internals|arrays|dtypes)[\w.]*|pandas\._libs\.(?:internals|interval|arrays|tslibs[\w.]*)|lightgbm\.sklearn|xgboost\.sklearn|torch\.nn\.modules\.[a-z_]+|torch\.optim\.[a-z_]+|transformers\.(?:training_args|trainer_utils|models\.\w+\.configuration_\w+|generation\.configuration_utils))$/;
const CLASS =
  /^(?:_?[A-Z]\w{1,60}|__pyx_unpickle_\w{1,60}|_reconstruct|scalar|_frombuffer|_(?:generator|randomstate|bit_generator)_ctor|__(?:generator|randomstate|bit_generator)_ctor|c[sr][rc]_(?:matrix|array)|(?:coo|dia|dok|lil|bsr)_(?:matrix|array)|_?new_?\w{1,40})$/;
/** What runs commands, code or other pickles, or reaches files and the network. */
const DANGEROUS =
  /^(?:os|posix|nt|subprocess|commands|pty|sys|shutil|socket|ssl|http|httplib|urllib\w*|requests|aiohttp|webbrowser|runpy|code|codeop|pdb|bdb|profile|cProfile|timeit|trace|pip|importlib|imp|pkgutil|operator|_operator|functools|types|ctypes|_ctypes|marshal|pickle|_pickle|cPickle|dill\w*|cloudpickle|shelve|zipimport|multiprocessing|_posixsubprocess|asyncio|threading|signal|tempfile|pathlib|io|_io|builtins|__builtin__|bdb|pydoc|doctest|lib2to3|venv|ensurepip|idlelib|test|numpy\.testing|numpy\.f2py|torch\.hub|torch\._dynamo|torch\.fx|torch\.jit|torch\.utils|torch\._inductor)(?:\.|$)/;

/** Modules that Python 2 named otherwise. */
const RENAMED: Readonly<Record<string, string>> = { __builtin__: "builtins", copy_reg: "copyreg" };

/** Whether loading a global (`module name`) can only build plain data. */
export function isSafeGlobal(global: string): boolean {
  const space = global.indexOf(" ");
  const module = global.slice(0, space);
  const name = global.slice(space + 1);
  if (SAFE[RENAMED[module] ?? module]?.test(name)) return true;
  return CLASSES_OF.test(module) && CLASS.test(name);
}

/** Whether a global that is not safe is one that attacks use. */
export function isDangerousGlobal(global: string): boolean {
  return global === "? ?" || DANGEROUS.test(global.slice(0, global.indexOf(" ")));
}
