Feature: The same dispute keeps its number
  Within six months a closed case may be opened again, twice at most, by somebody else than its closer.

  Background:
    Given it is Monday 15 April 2024, 09:00
    And Asha's dispute with Bram is closed

  Rule: in_window - six months, three rounds
    Scenario: A new fact in the second month
      Given it has become Monday 15 July 2024, 09:00
      When Chen reopens the case
      Then the case is "Reopened"
      And it is in its cycle 2
      And it has to be screened again

    Scenario: Two months later the payment bounces
      Given it has become Monday 15 July 2024, 09:00
      When Chen reopens the case as breached
      Then it is in its cycle 2
      And the audit trail keeps both its closing and its reopening
      And the statistics count it as over in "first_resolution"
      And the statistics do not count it as over in "final_resolution"

    Scenario: After six months
      Given it has become Monday 18 November 2024, 09:00
      When Chen reopens the case
      Then it is refused under "in_window"

    Scenario: A third time
      Given Chen has reopened the case, which was found unfounded
      And Chen has reopened the case, which was found unfounded
      When Chen reopens the case
      Then it is refused under "in_window"

  Rule: what was settled is watched for a year
    Scenario: Opened again after two months
      Given it has become Monday 15 July 2024, 09:00
      And Chen has reopened the case, which was breached
      When it becomes Monday 16 September 2024, 09:00
      Then of 1 case settled 90 days ago or longer 1 did not last
      And of 0 cases settled 180 days ago or longer 0 did not last
      And 1 case was settled less than 180 days ago

    Scenario: Nobody has opened it again
      When it becomes Monday 16 September 2024, 09:00
      Then of 1 case settled 90 days ago or longer 0 did not last
      And 1 case was settled less than 180 days ago

    Scenario: A report found unfounded was never settled
      Given a report of Asha's was found unfounded
      When it becomes Monday 16 September 2024, 09:00
      Then of 1 case settled 90 days ago or longer 0 did not last

  Rule: other_closer - the closer does not reopen his own case
    Scenario: The director closed it
      When Du reopens the case
      Then it is refused under "other_closer"

  Rule: consent - what was said in the first round does not count in the second
    Scenario: The old consent is not taken over
      Given Chen has reopened the case
      And Ding has screened it again and Wang has asked for consent
      When Asha consents
      Then the case is "Waiting for consent"
