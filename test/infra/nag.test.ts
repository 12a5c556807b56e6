import { Bucket } from 'aws-cdk-lib/aws-s3'
import type { Stack } from 'aws-cdk-lib/core'
import { AwsSolutionsChecks, ServerlessChecks } from 'cdk-nag'
import { type Acknowledgement, acknowledged } from './acknowledged.ts'
import { stackOf } from './stack.ts'

interface Finding {
  rule: string
  /** The path of the resource below the stack. */
  path: string
}

/** What the rules of cdk-nag find in a stack, warnings as well. */
function findingsIn(stack: Stack): Finding[] {
  const packs = [new AwsSolutionsChecks(), new ServerlessChecks()]
  return packs
    .flatMap((pack) => pack.validateScope(stack).violations)
    .flatMap(({ ruleName, violatingResources }) =>
      violatingResources.map(({ constructPath = '' }) => ({
        rule: ruleName.replace(/<(\w+?)[0-9A-F]{8}(\.\w+)?>/g, '<$1$2>'),
        path: constructPath.replace(/^[^/]+\//, '').replace(/\/Resource$/, ''),
      })),
    )
}

const explains = ({ rule, at }: Acknowledgement, finding: Finding): boolean =>
  rule === finding.rule && at.test(finding.path)

const unexplained = (findings: readonly Finding[]): Finding[] =>
  findings.filter((finding) => !acknowledged.some((one) => explains(one, finding)))

const plain = stackOf()
const withPage = stackOf({ demo: 'true', accessLog: 'true' })
const found = [...findingsIn(plain), ...findingsIn(withPage)]

test('the rules find something in the stack', () => expect(found.length).toBeGreaterThan(100))

test.each([
  { name: 'by default', stack: plain },
  { name: 'with a page, a pool and an access log', stack: withPage },
])('no finding in the stack $name is without a reason', ({ stack }) => {
  expect(unexplained(findingsIn(stack))).toEqual([])
})

test('no reason is without a finding', () => {
  const unused = acknowledged.filter((one) => !found.some((finding) => explains(one, finding)))
  expect(unused.map(({ rule, at }) => `${rule} ${at.source}`)).toEqual([])
})

test('every reason is a sentence', () => {
  for (const { reason } of acknowledged) expect(reason).toMatch(/^[A-Z].{10,}\.$/)
})

test('a new resource that breaks a rule has no reason yet', () => {
  const stack = stackOf()
  new Bucket(stack, 'Open')
  expect(unexplained(findingsIn(stack))).toEqual([
    { rule: 'AwsSolutions-S1', path: 'Open' },
    { rule: 'AwsSolutions-S10', path: 'Open' },
  ])
})
