;; A component that exports an empty environment: no variables, no arguments, no
;; initial directory. Plugged into the router, it leaves it nothing to read.
;;
;; 0.2.9 is the version that componentize-py's libc imports, and the WIT in wit/0.2.
(component
  (core module $empty
    ;; Everything exported is all zeros: a list or an option at address 16 is empty.
    (memory (export "memory") 1)
    (func (export "empty-list") (result i32) (i32.const 16))
    (func (export "none") (result i32) (i32.const 16)))
  (core instance $i (instantiate $empty))

  (type $variables (list (tuple string string)))
  (func $get-environment (result $variables)
    (canon lift (core func $i "empty-list") (memory (core memory $i "memory"))))
  (func $get-arguments (result (list string))
    (canon lift (core func $i "empty-list") (memory (core memory $i "memory"))))
  (func $initial-cwd (result (option string))
    (canon lift (core func $i "none") (memory (core memory $i "memory"))))

  (instance $environment
    (export "get-environment" (func $get-environment))
    (export "get-arguments" (func $get-arguments))
    (export "initial-cwd" (func $initial-cwd)))
  (export "wasi:cli/environment@0.2.9" (instance $environment)))
