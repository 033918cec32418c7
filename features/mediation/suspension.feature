Feature: Standing still
  A case is suspended with a reason and an end. The limit of the mediation does not count meanwhile.

  Background:
    Given it is Monday 15 April 2024, 09:00

  Rule: mediation_limit - days of a suspension do not count
    Scenario: A party goes away for a week
      Given Asha's dispute with Bram is in Ma's hands
      And it has become Monday 22 April 2024, 09:00
      And Du has suspended it until Tuesday 30 April 2024
      When Du resumes it on Tuesday 30 April 2024, 09:00
      Then the case is "Mediator named"
      And the deadline "Mediation to end" is Friday 24 May 2024

    Scenario: While it stands still no deadline is shown
      Given Asha's dispute with Bram is in Ma's hands
      When Du suspends it until Tuesday 30 April 2024
      Then the clock "Mediation to end" stands still

  Rule: suspended_until - a suspension ends by itself
    Scenario: Nobody remembers
      Given Asha's dispute with Bram is in Ma's hands
      And Du has suspended it until Tuesday 30 April 2024
      When it becomes Wednesday 1 May 2024, 00:00
      Then the case is "Mediator named"
      And the audit trail names the engine as the one who did "Resume"

  Rule: ends_in_time - a suspension lasts at most sixty days
    Scenario: Too long
      Given Asha's dispute with Bram is in Ma's hands
      When Du suspends it until Monday 15 July 2024
      Then it is refused under "ends_in_time"

  Rule: suspend - only the committee director suspends
    Scenario: The mediator tries
      Given Asha's dispute with Bram is in Ma's hands
      When Ma suspends it until Tuesday 30 April 2024
      Then it is refused because it "is for Committee director"
